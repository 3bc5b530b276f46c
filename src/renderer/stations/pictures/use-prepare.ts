// Small versions and near-duplicates are made in the background, as soon as there are pictures without them.

import { useEffect, useRef } from 'react';
import { isRunning, startJob, useEngine, useJobs, useWorkspace } from '../../api/index.ts';
import { reloadPages } from './use-pages.ts';

/** The first screen comes first. */
const LATER_MS = 2000;

export function usePrepare(product: string): void {
  const engine = useEngine();
  const jobs = useJobs();
  const revision = useWorkspace().data?.products.find(({ name }) => name === product)?.revision;
  const busy = jobs.some(
    (job) => isRunning(job) && (job.method === 'splits.prepare' || job.method === 'datasets.import'),
  );
  const prepared = jobs.filter((job) => job.method === 'splits.prepare' && !isRunning(job)).length;
  const seen = useRef(prepared);
  useEffect(() => {
    if (seen.current !== prepared) reloadPages();
    seen.current = prepared;
  }, [prepared]);
  useEffect(() => {
    if (busy || revision === undefined) return;
    const timer = setTimeout(async () => {
      // What cannot be prepared now is prepared another time.
      const { pictures } = await engine.splits.waiting({ product }).catch(() => ({ pictures: 0 }));
      if (pictures > 0)
        await startJob(engine, { method: 'splits.prepare', input: { product } }).catch(() => {});
    }, LATER_MS);
    return () => clearTimeout(timer);
  }, [engine, product, revision, busy]);
}
