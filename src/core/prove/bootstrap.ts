// Paired bootstrap over test pictures and seeds: every arm is measured on the same redrawn pictures and seeds.

import { namedRng } from '../base/rng.ts';
import {
  type ArmSummary,
  type Interval,
  type MetricValues,
  PROOF_METRICS,
  type ProofArm,
  type ProofMetric,
} from '../domain/proof.ts';
import { meanDefined } from '../metrics/average.ts';
import { quantile } from '../metrics/quantile.ts';
import { pooledMetrics, type ScoredTest } from './pooled-metrics.ts';
import { mergeBins } from './score-histogram.ts';

/** A trained and tested detector. The test pictures are the same, in the same order, in every cell. */
export interface TestedCell {
  readonly arm: ProofArm;
  readonly seed: number;
  readonly values: MetricValues;
  readonly tests: readonly ScoredTest[];
}

export interface Resampled {
  /** Per arm one value of each metric per replicate. */
  readonly replicates: ReadonlyMap<ProofArm, readonly MetricValues[]>;
}

const LOW = 0.025;
const HIGH = 0.975;
/** Bins taken together in replicates; their centre is the exact value, only their spread is used. */
const MERGE = 4;

export interface BootstrapOptions {
  readonly replicates: number;
  readonly seed: number;
}

/** Drawn with replacement, defect and good pictures apart, so that no replicate lacks one of them. */
function pictureTimes(tests: readonly ScoredTest[], rng: ReturnType<typeof namedRng>): Uint16Array {
  const times = new Uint16Array(tests.length);
  for (const isDefect of [true, false]) {
    const members = tests.flatMap((test, p) => (test.isDefect === isDefect ? [p] : []));
    for (let k = 0; k < members.length; k++) times[rng.pick(members)]++;
  }
  return times;
}

/**
 * Replicates over the seeds that every arm has. Each is the mean over redrawn seeds of the pooled metrics on redrawn
 * pictures; seeds and pictures are redrawn once for all arms.
 */
export function resample(cells: readonly TestedCell[], options: BootstrapOptions): Resampled {
  const arms = [...new Set(cells.map((cell) => cell.arm))];
  const find = (arm: ProofArm, seed: number) => cells.find((cell) => cell.arm === arm && cell.seed === seed);
  const seeds = [...new Set(cells.map((cell) => cell.seed))].filter((seed) =>
    arms.every((arm) => find(arm, seed) !== undefined),
  );
  const replicates = new Map<ProofArm, MetricValues[]>(arms.map((arm) => [arm, []]));
  if (seeds.length === 0) return { replicates };
  const tests = cells[0].tests;
  const coarse = new Map(
    cells.map((cell) => [cell, cell.tests.map((t) => ({ ...t, counts: mergeBins(t.counts, MERGE) }))]),
  );
  for (let r = 0; r < options.replicates; r++) {
    const rng = namedRng(options.seed, `bootstrap ${r}`);
    const times = pictureTimes(tests, rng);
    const drawn = seeds.map(() => rng.pick(seeds));
    const repeats = seeds.map((seed) => drawn.filter((d) => d === seed).length);
    for (const arm of arms) {
      const values = seeds.flatMap((seed, s) => {
        if (repeats[s] === 0) return [];
        const found = pooledMetrics(coarse.get(find(arm, seed)!)!, times);
        return Array.from({ length: repeats[s] }, () => found);
      });
      replicates.get(arm)!.push(meanOf(values));
    }
  }
  return { replicates };
}

function meanOf(values: readonly MetricValues[]): MetricValues {
  const mean = (metric: ProofMetric) => meanDefined(values.map((v) => v[metric]));
  return Object.fromEntries(PROOF_METRICS.map((metric) => [metric, mean(metric)])) as MetricValues;
}

/** Interval of the replicates, moved so that it holds the measured value (bins of replicates are coarser). */
function intervalOf(mean: number, values: readonly (number | null)[]): { lo: number; hi: number } | null {
  const defined = values.filter((v) => v !== null);
  if (defined.length < 2) return null;
  return {
    lo: Math.min(mean, quantile(defined, LOW) as number),
    hi: Math.max(mean, quantile(defined, HIGH) as number),
  };
}

export function summaryOf(arm: ProofArm, cells: readonly TestedCell[], resampled: Resampled): ArmSummary {
  const own = cells.filter((cell) => cell.arm === arm).toSorted((a, b) => a.seed - b.seed);
  const replicates = resampled.replicates.get(arm) ?? [];
  const summary = (metric: ProofMetric) => {
    const seeds = own.map((cell) => cell.values[metric]);
    const mean = meanDefined(seeds);
    const interval =
      mean === null
        ? null
        : intervalOf(
            mean,
            replicates.map((r) => r[metric]),
          );
    return { mean, lo: interval?.lo ?? null, hi: interval?.hi ?? null, seeds };
  };
  return Object.fromEntries(PROOF_METRICS.map((metric) => [metric, summary(metric)])) as Record<
    ProofMetric,
    ReturnType<typeof summary>
  >;
}

/** Difference of two arms' `iou` in points, over the seeds both have; null where it is not defined. */
export function difference(
  arm: ProofArm,
  against: ProofArm,
  cells: readonly TestedCell[],
  resampled: Resampled,
): Interval | null {
  const value = (a: ProofArm, seed: number) =>
    cells.find((cell) => cell.arm === a && cell.seed === seed)?.values.iou ?? null;
  const seeds = [...new Set(cells.map((cell) => cell.seed))];
  const mean = meanDefined(
    seeds.map((seed) => {
      const [a, b] = [value(arm, seed), value(against, seed)];
      return a === null || b === null ? null : 100 * (a - b);
    }),
  );
  if (mean === null) return null;
  const [a, b] = [resampled.replicates.get(arm) ?? [], resampled.replicates.get(against) ?? []];
  const differences = a.map((r, i) => {
    const [x, y] = [r.iou, b[i]?.iou ?? null];
    return x === null || y === null ? null : 100 * (x - y);
  });
  const interval = intervalOf(mean, differences);
  return interval === null ? { mean, lo: mean, hi: mean } : { mean, ...interval };
}
