// The fine-tunes of a product: those of the store, and jobs that wait for their turn; newest first.

import { useEffect } from 'react';
import type { TrainingRun } from '../../../contract/methods/training.ts';
import { invalidate, isRunning, type JobInfo, type Query, useJobs, useQuery } from '../../api/index.ts';

export interface ShownRun {
  /** The run's id; a job's where it has no run yet. */
  key: string;
  run: TrainingRun | null;
  /** The job that works on it now. */
  job: JobInfo | null;
  state: string;
  createdAt: number;
  preset: string;
  method: string;
}

export function useTrainRuns(product: string): { runs: ShownRun[]; query: Query<unknown> } {
  const query = useQuery(['training', 'runs', product], ({ engine, signal }) =>
    engine.training.runs({ product }, { signal }),
  );
  const jobs = useJobs().filter((job) => job.method === 'training.train' && isRunning(job));
  const runs = query.data?.runs ?? [];
  const known = new Set(runs.map(({ id }) => id));
  const unheard = jobs.find(({ runId }) => runId !== null && !known.has(runId));
  const news = unheard?.runId ?? null;
  useEffect(() => {
    if (news !== null) invalidate('training', 'runs');
  }, [news]);
  const shown = runs.map((run): ShownRun => {
    const job = jobs.find(({ runId, input }) => runId === run.id || input.resume === run.id) ?? null;
    const { id: key, createdAt, preset, method } = run;
    return { key, run, job, state: job === null ? run.state : 'running', createdAt, preset, method };
  });
  const waiting = jobs
    .filter(({ runId, input }) => input.resume === undefined && (runId === null || !known.has(runId)))
    .filter(({ input }) => input.product === product)
    .map((job): ShownRun => {
      const state = job.runId === null ? 'waiting' : 'running';
      const { preset, method } = job.input as { preset: string; method: string };
      return { key: job.runId ?? job.id, run: null, job, state, createdAt: job.startedAt, preset, method };
    });
  // A run that waits is stored already, but its job does not know it yet: shown once.
  const stored = shown.filter(({ state }) => !(state === 'queued' && waiting.length > 0));
  return { runs: [...stored, ...waiting].sort((a, b) => b.createdAt - a.createdAt), query };
}
