// Measures this PC once where nothing was measured yet: without it no time could be told.

import { useEffect } from 'react';
import { isRunning, startJob, useEngine, useJobs } from '../../api/index.ts';
import { type Choice, jobOf } from './choice.ts';
import type { Prediction, Preflight } from './use-forecast.ts';

/** Nothing begins while the user still chooses. */
const PATIENCE_MS = 2000;

export function useAutoMeasure(
  choice: Choice,
  product: string,
  prediction: Prediction | undefined,
  preflight: Preflight | undefined,
): void {
  const engine = useEngine();
  const jobs = useJobs();
  const isIdle = !jobs.some(isRunning);
  // What the user has stopped, or what failed, is not begun again by itself.
  const tried = jobs.some(({ method }) => method === 'training.measure' || method === 'training.train');
  const unknown = prediction?.evidence === null && prediction.presets.some(({ problem }) => problem === null);
  const possible = preflight?.findings.every(({ stops }) => !stops) ?? false;
  const wanted = isIdle && !tried && unknown && possible;
  const input = JSON.stringify(jobOf(choice, product));
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      startJob(engine, { method: 'training.measure', input: JSON.parse(input) }).catch(() => {});
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [wanted, engine, input]);
}
