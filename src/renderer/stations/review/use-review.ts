// The pictures under review and what the reviewer does with them. Decisions show at once and are stored at once; one
// that could not be stored is taken back and told.

import { useEffect, useRef, useState } from 'react';
import type { ReviewSteps } from '../../../contract/methods/review.ts';
import { invalidate, startJob, useEngine, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { showError, toast } from '../../ui/index.ts';
import type { ReviewedPicture } from './order.ts';

export type Decision = 'accept' | 'reject' | 'reset';

export interface Review {
  pictures: readonly ReviewedPicture[] | undefined;
  error: unknown;
  reload(): void;
  /** Times of this session's decisions, ms. */
  pace: readonly number[];
  decide(ids: readonly string[], decision: Decision, reason?: string): void;
  /** Gives the ids that changed. */
  move(way: 'undo' | 'redo'): Promise<readonly string[]>;
  replace(id: string, mask?: { width: number; height: number; counts: string }): void;
  put(picture: ReviewedPicture): void;
}

const STATUS = { accept: 'accepted', reject: 'rejected', reset: 'undecided' } as const;
/** More changed pictures than this are loaded as a whole list. */
const MOST_SINGLE = 20;
const COUNTS_MS = 1500;

export function useReview(product: string): Review {
  const t = useTexts('review');
  const engine = useEngine();
  const { data, error, reload } = useQuery(['review', 'list', product], ({ engine: from, signal }) =>
    from.review.list({ product }, { signal }),
  );
  const [pictures, setPictures] = useState<readonly ReviewedPicture[] | undefined>(data?.pictures);
  const [pace, setPace] = useState<readonly number[]>([]);
  const waiting = useRef(new Map<string, Partial<ReviewedPicture>>());
  const newest = useRef<readonly ReviewedPicture[]>([]);
  newest.current = pictures ?? [];
  const counts = useLater(() => invalidate('workspace'), COUNTS_MS);

  useEffect(() => {
    if (data === undefined) return;
    setPictures(data.pictures.map((picture) => ({ ...picture, ...waiting.current.get(picture.id) })));
  }, [data]);

  // What is shown next time has the decisions of now.
  useEffect(() => () => invalidate('review', 'list', product), [product]);

  const change = (ids: readonly string[], to: (picture: ReviewedPicture) => ReviewedPicture): void => {
    const wanted = new Set(ids);
    setPictures((now) => now?.map((picture) => (wanted.has(picture.id) ? to(picture) : picture)));
  };

  return {
    pictures,
    error,
    reload,
    pace,
    decide(ids, decision, reason) {
      const before = new Map(newest.current.map((picture) => [picture.id, picture]));
      const change_ = { status: STATUS[decision], reason: reason ?? null };
      for (const id of ids) waiting.current.set(id, change_);
      change(ids, (picture) => ({ ...picture, ...change_ }));
      if (decision !== 'reset') setPace((now) => [...now, ...ids.map(() => Date.now())]);
      const input = { decision, select: { ids: [...ids] }, ...(reason !== undefined && { reason }) };
      engine.review
        .decide(input)
        .then(counts, (failure) => {
          change(ids, (picture) => before.get(picture.id) ?? picture);
          showError(failure);
        })
        .finally(() => {
          for (const id of ids) waiting.current.delete(id);
        });
    },
    async move(way) {
      try {
        const there: ReviewSteps = await engine.review.steps({ product });
        const step = there[way];
        if (step === null) {
          toast({ text: way === 'undo' ? t.nothingToUndo : t.nothingToRedo });
          return [];
        }
        const { changed } = await engine.review[way]({ product });
        if (changed.length > MOST_SINGLE) reload();
        else {
          const fresh = await Promise.all(changed.map((id) => engine.review.get({ id })));
          const byId = new Map(fresh.map((picture) => [picture.id, picture]));
          change(changed, (picture) => byId.get(picture.id) ?? picture);
        }
        toast({ text: (way === 'undo' ? t.undone : t.redone)(t.steps[step.kind], step.pictures) });
        counts();
        return changed;
      } catch (failure) {
        showError(failure);
        return [];
      }
    },
    replace(id, mask) {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const input = { id, seed, ...(mask && { mask }) };
      startJob(engine, { method: 'generation.replace', input }).then(
        () => toast({ text: t.replacing }),
        showError,
      );
    },
    put(picture) {
      change([picture.id], () => picture);
    },
  };
}

/** Calls once, some time after the last wish. */
function useLater(work: () => void, ms: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(work, ms);
  };
}
