// jobs.start and jobs.stop: the methods of the contract as work that outlives its caller.

import type { JobRequest } from '../../contract/methods/jobs.ts';
import type { EngineContext } from '../engine-context.ts';
import type { JobEvent } from '../jobs/job-board.ts';

type LongMethod = (input: unknown, options: { signal: AbortSignal }) => Promise<AsyncIterable<JobEvent>>;

/** The method runs as if it was called from outside: same checks, same errors. */
export function startJob(context: EngineContext, request: JobRequest, client: () => unknown) {
  const begin = (asked: JobRequest, signal: AbortSignal) => {
    const [area, method] = asked.method.split('.');
    const areas = client() as unknown as Record<string, Record<string, LongMethod>>;
    return areas[area][method](asked.input, { signal });
  };
  return { id: context.jobs.start(request, begin) };
}

export function stopJob(context: EngineContext, { id }: { id: string }) {
  return { stopped: context.jobs.stop(id) };
}
