// The proofs of a product, and the job that works on each.

import { useEffect } from 'react';
import { isRunning, type JobInfo, useJobEvents, useJobs, useQuery } from '../../api/index.ts';

export function useProofs(product: string) {
  const query = useQuery(['prove', 'list', product], ({ engine, signal }) =>
    engine.prove.list({ product }, { signal }),
  );
  const jobs = useJobs().filter((job) => job.method === 'prove.run' && isRunning(job));
  const proofs = query.data?.proofs ?? [];
  const jobOf = (id: string): JobInfo | null =>
    jobs.find((job) => job.runId === id || job.input.resume === id) ?? null;
  /** A job that looks at the pictures still, and has no proof yet. */
  const beginning = jobs.find((job) => job.runId === null && job.input.resume === undefined) ?? null;
  // The run is there from its first word on.
  const runs = jobs.map((job) => job.runId).join();
  const { reload } = query;
  useEffect(() => {
    if (runs !== '') reload();
  }, [runs, reload]);
  return { proofs, loading: query.data === undefined, error: query.error, reload, jobOf, beginning };
}

export type ProofRow = ReturnType<typeof useProofs>['proofs'][number];

/** All of a proof; loaded again with every detector that is done. */
export function useProof(id: string, job: JobInfo | null) {
  const query = useQuery(['prove', 'get', id], ({ engine, signal }) => engine.prove.get({ id }, { signal }));
  const cells = useJobEvents(job?.id ?? null).filter(({ event }) => event === 'cell').length;
  const { reload } = query;
  useEffect(() => {
    if (cells > 0) reload();
  }, [cells, reload]);
  return query;
}

export type Proof = NonNullable<ReturnType<typeof useProof>['data']>;
