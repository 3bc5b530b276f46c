// Measures this PC once where nothing was measured yet: without it no time could be told.

import { useEffect } from 'react';
import { isRunning, startJob, useEngine, useJobs } from '../../api/index.ts';
import { type Choice, jobOf } from './choice.ts';
import type { Lasting, Prediction, Preflight } from './use-forecast.ts';

/** Nothing begins while the user still chooses. */
const PATIENCE_MS = 2000;

export function useAutoMeasure(
  choice: Choice,
  product: string,
  prediction: Lasting<Prediction>,
  preflight: Lasting<Preflight>,
): void {
  const engine = useEngine();
  const jobs = useJobs();
  const isIdle = !jobs.some(isRunning);
  // What the user has stopped, or what failed, is not begun again by itself.
  const tried = jobs.some(({ method }) => method === 'training.measure' || method === 'training.train');
  const { evidence, presets } = prediction.data ?? {};
  const unknown = evidence === null && presets?.some(({ problem }) => problem === null);
  const possible = preflight.data?.findings.every(({ stops }) => !stops) ?? false;
  const isFresh = prediction.isFresh && preflight.isFresh;
  // A few updates of a whole Stable Diffusion model take many minutes: only when asked for.
  const isShort = choice.method === 'seas' && choice.pack === '';
  const wanted = isShort && isIdle && !tried && isFresh && unknown && possible;
  const input = JSON.stringify(jobOf(choice, product));
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      startJob(engine, { method: 'training.measure', input: JSON.parse(input) }).catch(() => {});
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [wanted, engine, input]);
}
