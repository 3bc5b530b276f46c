// The generation runs of a product: those of the store, and jobs that wait for their turn; newest first.

import { isRunning, type JobInfo, useJobs, useWorkspace, type WorkspaceInfo } from '../../api/index.ts';

export interface ShownRun {
  /** The run's id; a job's where it has no run yet. */
  key: string;
  runId: string | null;
  /** The job that works on it now. */
  job: JobInfo | null;
  generator: string;
  type: string | null;
  state: string;
  createdAt: number;
  done: number;
  total: number;
  error: string | null;
}

type Run = WorkspaceInfo['runs'][number];

/** Older runs are found in Review. */
const MOST = 12;

export function useRuns(product: string): ShownRun[] {
  const { data } = useWorkspace();
  const jobs = useJobs().filter((job) => job.method === 'generation.generate');
  const runs = (data?.runs ?? []).filter((run) => run.kind === 'generate' && run.product === product);
  const working = jobs.filter(isRunning);
  const known = new Set(runs.map((run) => run.id));
  const waiting = working
    .filter((job) => job.input.product === product && (job.runId === null || !known.has(job.runId)))
    .map(fromJob);
  // A run that waits is stored already, but its job does not know it yet: shown once.
  const isWaiting = (run: Run): boolean =>
    run.state === 'queued' && waiting.some((job) => job.generator === run.method && job.type === run.type);
  const shown = runs.filter((run) => !isWaiting(run)).map((run) => fromRun(run, working));
  return [...shown, ...waiting].sort((a, b) => b.createdAt - a.createdAt).slice(0, MOST);
}

function fromRun(run: Run, working: readonly JobInfo[]): ShownRun {
  const works = (job: JobInfo): boolean => job.runId === run.id || job.input.resume === run.id;
  const job = working.find(works) ?? null;
  const progress = job?.progress ?? run.progress;
  return {
    key: run.id,
    runId: run.id,
    job,
    generator: run.method,
    type: run.type,
    state: job === null ? run.state : 'running',
    createdAt: run.createdAt,
    done: progress?.done ?? 0,
    total: progress?.total ?? 0,
    error: job === null ? run.error : null,
  };
}

function fromJob(job: JobInfo): ShownRun {
  return {
    key: job.runId ?? job.id,
    runId: job.runId,
    job,
    generator: String(job.input.generator),
    type: typeof job.input.type === 'string' ? job.input.type : null,
    state: job.runId === null ? 'waiting' : 'running',
    createdAt: job.startedAt,
    done: job.progress?.done ?? 0,
    total: job.progress?.total ?? Number(job.input.count ?? 0),
    error: null,
  };
}
