// Splits of the product: how they stand, and the user's changes with their way back, also after a restart.

import type { FlawsmithClient } from '../../../contract/contract.ts';
import { invalidate, type Query, useEngine, useQuery, useWorkspace } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { showError, toast } from '../../ui/index.ts';
import type { SplitOverview } from './splits.ts';
import { reloadPages } from './use-pages.ts';

type Splits = FlawsmithClient['splits'];

export interface SplitWork {
  /** Runs a change; says what it did, and offers to take it back. Gives how many pictures changed. */
  run(work: (splits: Splits) => Promise<{ changed: number }>): Promise<number>;
  move(way: 'undo' | 'redo'): Promise<void>;
}

export function useSplitOverview(product: string): Query<SplitOverview> {
  const revision = useWorkspace().data?.products.find(({ name }) => name === product)?.revision;
  return useQuery(['splits', product, revision], ({ engine, signal }) =>
    engine.splits.overview({ product }, { signal }),
  );
}

export function useSplitWork(product: string): SplitWork {
  const t = useTexts('pictures');
  const engine = useEngine();
  const shown = (): void => {
    invalidate('workspace');
    invalidate('splits', product);
    reloadPages();
  };
  const move = async (way: 'undo' | 'redo'): Promise<void> => {
    try {
      const { changed } = await engine.splits[way]({ product });
      if (changed > 0) shown();
      const words = { undo: [t.undone, t.nothingToUndo], redo: [t.redone, t.nothingToRedo] } as const;
      const [did, nothing] = words[way];
      toast({ text: changed > 0 ? did(changed) : nothing });
    } catch (error) {
      showError(error);
    }
  };
  return {
    async run(work) {
      try {
        const { changed } = await work(engine.splits);
        if (changed > 0) shown();
        toast({
          text: t.splitsChanged(changed),
          ...(changed > 0 && { action: { label: t.undo, run: () => void move('undo') } }),
        });
        return changed;
      } catch (error) {
        showError(error);
        return 0;
      }
    },
    move,
  };
}
