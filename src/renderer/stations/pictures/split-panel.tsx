// The split editor: how many are where, what crosses and how it is mended, and what to do with the chosen pictures.

import { useState } from 'react';
import { useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Checkbox, ErrorNote } from '../../ui/index.ts';
import { CountTable } from './count-table.tsx';
import { LeakList } from './leak-list.tsx';
import { PartsDialog } from './parts-dialog.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { SPLITS, type Split } from './splits.ts';
import { type SplitWork, useSplitOverview } from './use-splits.ts';

interface SplitPanelProps {
  product: string;
  work: SplitWork;
  /** How many pictures an action is about. */
  chosen: number;
  onSet(split: Split | null): void;
  onShow(file: string): void;
}

export const TOGETHER_KEY = 'pictures.together';
/** Keys of the splits, and of none. */
export const SPLIT_KEYS = { train: 'T', validation: 'V', test: 'E' } as const;
export const NO_SPLIT_KEY = 'U';

export function SplitPanel({ product, work, chosen, onSet, onShow }: SplitPanelProps) {
  const t = useTexts('pictures');
  const { data, error, reload } = useSplitOverview(product);
  const [together, setTogether] = useStored<boolean>(TOGETHER_KEY, true);
  const [dialog, setDialog] = useState<'rule' | 'parts' | null>(null);
  return (
    <div className="pictures-splits stack">
      <section className="stack" aria-label={t.chosen(chosen)}>
        <h3>{t.chosen(chosen)}</h3>
        <div className="toolbar">
          {SPLITS.map((split) => (
            <Button key={split} disabled={chosen === 0} onClick={() => onSet(split)}>
              {t.splits[split]} <kbd>{SPLIT_KEYS[split]}</kbd>
            </Button>
          ))}
          <Button disabled={chosen === 0} onClick={() => onSet(null)}>
            {t.noSplit} <kbd>{NO_SPLIT_KEY}</kbd>
          </Button>
        </div>
        <Checkbox label={t.together} checked={together} onValue={setTogether} />
      </section>
      <ErrorNote error={error} retry={reload} />
      {data === undefined ? (
        !error && <p className="soft">{t.counting}</p>
      ) : (
        <>
          <LeakList overview={data} product={product} work={work} onShow={onShow} />
          <CountTable counts={data.counts} caption={t.allPictures} />
          <p className="small soft">
            {data.parts > 0 ? t.partsKnown(data.parts, data.partUnknown) : t.partsUnknown}{' '}
            {data.near.groups > 0 && t.nearFound(data.near.groups, data.near.pictures)}
          </p>
          <div className="toolbar">
            <Button onClick={() => setDialog('rule')}>{t.byRule}</Button>
            <Button onClick={() => setDialog('parts')}>{t.nameParts}</Button>
          </div>
          <div className="toolbar">
            <Button disabled={data.undo === null} onClick={() => void work.move('undo')}>
              {data.undo === null ? t.undo : t.undoStep(t.steps[data.undo.kind], data.undo.pictures)}
            </Button>
            <Button disabled={data.redo === null} onClick={() => void work.move('redo')}>
              {t.redo}
            </Button>
          </div>
          <p className="small soft">{t.shotsHint}</p>
        </>
      )}
      {dialog === 'rule' && <RuleDialog product={product} work={work} onClose={() => setDialog(null)} />}
      {dialog === 'parts' && <PartsDialog product={product} work={work} onClose={() => setDialog(null)} />}
    </div>
  );
}
