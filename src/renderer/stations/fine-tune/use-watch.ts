// What a run has shown so far: what is stored, and what its job says while it goes on.

import { useEffect } from 'react';
import type { TrainingPreview } from '../../../contract/methods/training.ts';
import { invalidate, useJobEvents, useQuery } from '../../api/index.ts';
import type { ShownRun } from './use-train-runs.ts';

export interface CurvePoint {
  step: number;
  terms: Readonly<Record<string, number>>;
}

export interface Watched {
  /** By step. */
  points: CurvePoint[];
  previews: readonly TrainingPreview[];
  loading: boolean;
}

export function useWatch({ run, job }: ShownRun): Watched {
  const runId = run?.id ?? null;
  const { data, loading } = useQuery(['training', 'watch', runId], async ({ engine, signal }) =>
    runId === null ? { points: [], previews: [] } : engine.training.watch({ runId }, { signal }),
  );
  const events = useJobEvents(job?.id ?? null);
  const shown = events.filter(({ event }) => event === 'preview').length;
  useEffect(() => {
    if (shown > 0) invalidate('training', 'watch', runId);
  }, [shown, runId]);
  const points = new Map<number, CurvePoint>();
  for (const point of data?.points ?? []) points.set(point.step, point);
  for (const event of events)
    if (event.event === 'loss' && event.runId === runId)
      points.set(event.step, { step: event.step, terms: event.terms });
  return {
    points: [...points.values()].sort((a, b) => a.step - b.step),
    previews: data?.previews ?? [],
    loading,
  };
}
