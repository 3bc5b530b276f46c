// The export that was started last, and what became of it: also after the window or the engine went away.

import { useEffect, useState } from 'react';
import { isRunning, type JobInfo, useHostState, useJobs, useQuery, useStored } from '../../api/index.ts';
import type { ExportInput } from './choice.ts';

export type Begun = {
  job: string;
  at: number;
  input: ExportInput;
  /** The removable drive it goes to. */
  mount: string | null;
};

export type Fate =
  | { state: 'none' }
  | { state: 'running' | 'done' | 'stopped' | 'failed'; job: JobInfo }
  /** The engine went away: complete nevertheless, or not. */
  | { state: 'complete' | 'interrupted' };

/** A job list that is just being loaded is no proof that a job is gone. */
const PATIENCE_MS = 1200;

/** Of this product; one that runs is shown whatever it exports. */
export function useLast(product: string): {
  begun: Begun | null;
  fate: Fate;
  begin(begun: Begun): void;
  forget(): void;
} {
  const [stored, store] = useStored<Begun | null>('export.last', null);
  const begun = stored?.input.product === product ? stored : null;
  const jobs = useJobs().filter(({ method }) => method === 'exports.export');
  const ready = useHostState()?.engine === 'ready';
  const job = jobs.find(({ id }) => id === begun?.job) ?? jobs.find(isRunning);
  const missing = begun !== null && job === undefined && ready;
  const [gone, setGone] = useState(false);
  useEffect(() => {
    setGone(false);
    if (!missing) return;
    const timer = setTimeout(() => setGone(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [missing]);
  const list = useQuery(['exports', 'list', gone], ({ engine, signal }) =>
    engine.exports.list({}, { signal }),
  );
  const written = list.data?.exports.some(
    ({ folder, createdAt, there }) => folder === begun?.input.out && createdAt >= (begun?.at ?? 0) && there,
  );
  const fate = (): Fate => {
    if (job !== undefined) {
      const { state } = job;
      return { state: state === 'stopping' ? 'running' : state, job };
    }
    if (begun === null || !gone || written === undefined) return { state: 'none' };
    return { state: written ? 'complete' : 'interrupted' };
  };
  return { begun, fate: fate(), begin: store, forget: () => store(null) };
}
