// The pictures of a run: what is stored, and what its job says while it goes on.

import { useJobEvents, useQuery } from '../../api/index.ts';
import type { ShownRun } from './use-runs.ts';

export interface SheetPicture {
  id: string;
  index: number;
  type: string | null;
  flags: readonly string[];
  /** Null where nothing was said about it yet. */
  reasons: readonly string[] | null;
  hasMask: boolean;
}

/** In their order; those that come while the run goes on are at the end. */
export function useSheet(run: ShownRun | null): { pictures: SheetPicture[]; loading: boolean } {
  const runId = run?.runId ?? null;
  const { data, loading } = useQuery(['review', 'run', runId], async ({ engine, signal }) =>
    runId === null ? { pictures: [] } : engine.review.list({ run: runId }, { signal }),
  );
  const events = useJobEvents(run?.job?.id ?? null);
  const pictures = new Map<number, SheetPicture>();
  for (const { id, index, type, flags, checks, hasMask } of data?.pictures ?? []) {
    const reasons = Array.isArray(checks.reasons) ? checks.reasons.map(String) : [];
    pictures.set(index, { id, index, type, flags, reasons, hasMask });
  }
  for (const event of events) {
    if (event.event !== 'picture' || event.runId !== runId || pictures.has(event.index)) continue;
    const { id, index, type, flags } = event;
    pictures.set(index, { id, index, type, flags, reasons: null, hasMask: type !== null });
  }
  return { pictures: [...pictures.values()].sort((a, b) => a.index - b.index), loading };
}
