// How long a run will still take: the present phase by its own pace, the later ones as predicted.

import type { TrainingRun } from '../../../contract/methods/training.ts';
import type { JobInfo } from '../../api/index.ts';

export interface TimeLeft {
  seconds: number;
  low: number;
  high: number;
}

/** A pace that was just measured may change by so much. */
const PACE_SPREAD = 0.15;

/** Null while nothing is known. */
export function timeLeft(forecast: TrainingRun['forecast'], progress: JobInfo['progress']): TimeLeft | null {
  if (progress === null) return forecast;
  const { phase, done, total, etaSeconds } = progress;
  const phases = forecast?.phases ?? [];
  const at = phases.findIndex((one) => one.phase === phase);
  const present = presentLeft(at < 0 ? null : phases[at], { done, total, etaSeconds });
  if (present === null) return null;
  const later = at < 0 ? [] : phases.slice(at + 1);
  const sum = (pick: (one: TimeLeft) => number): number =>
    [present, ...later].reduce((total, one) => total + pick(one), 0);
  return { seconds: sum((one) => one.seconds), low: sum((one) => one.low), high: sum((one) => one.high) };
}

function presentLeft(
  predicted: TimeLeft | null,
  { done, total, etaSeconds }: { done: number; total: number; etaSeconds: number | null },
): TimeLeft | null {
  if (etaSeconds !== null)
    return {
      seconds: etaSeconds,
      low: (1 - PACE_SPREAD) * etaSeconds,
      high: (1 + PACE_SPREAD) * etaSeconds,
    };
  if (predicted === null) return null;
  const rest = total > 0 ? 1 - done / total : 1;
  const { seconds, low, high } = predicted;
  return { seconds: rest * seconds, low: rest * low, high: rest * high };
}
