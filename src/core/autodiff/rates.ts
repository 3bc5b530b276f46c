// Learning-rate schedules and the moving average of weights, as plain functions of the step.

import type { Arrays } from './adamw.ts';
import { moveAverage } from './kernel/parameter-kernel.ts';

/** Linear warm-up over `warmup` steps, then cosine from `peak` to `floor` at `total`. */
export function warmupCosine(step: number, total: number, peak: number, warmup = 0, floor = 0): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  return floor + 0.5 * (peak - floor) * (1 + Math.cos(Math.PI * progress));
}

/** Decay of the moving average after `step` updates: min(ceiling, (1+i)/(10+i)). */
export function emaDecay(step: number, ceiling = 0.999): number {
  return Math.min(ceiling, (1 + step) / (10 + step));
}

/** average <- decay average + (1 - decay) weights, in place. */
export function updateEma(average: Arrays, weights: Arrays, decay: number): void {
  for (const name of Object.keys(average)) moveAverage(average[name], weights[name], 1 - decay);
}
