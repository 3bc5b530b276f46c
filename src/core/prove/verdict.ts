// What a proof concludes, and the one sentence that says it.

import {
  type Comparison,
  type Conclusion,
  GENERATED_ARMS,
  type Interval,
  type ProofArm,
} from '../domain/proof.ts';
import { difference, type Resampled, type TestedCell } from './bootstrap.ts';

/** What the user gets without a learned generator: the arms that must not be better. */
const CHEAP_RIVALS: readonly ProofArm[] = ['real+procedural', 'real+paste'];

/** Every arm against real only, then every generated arm against the cheap rivals. */
export function comparisonsOf(
  arms: readonly ProofArm[],
  cells: readonly TestedCell[],
  resampled: Resampled,
): Comparison[] {
  const pairs: [ProofArm, ProofArm][] = arms.filter((arm) => arm !== 'real').map((arm) => [arm, 'real']);
  for (const arm of GENERATED_ARMS)
    for (const rival of CHEAP_RIVALS)
      if (arms.includes(arm) && arms.includes(rival)) pairs.push([arm, rival]);
  return pairs.flatMap(([arm, against]) => {
    if (!arms.includes(against)) return [];
    const points = difference(arm, against, cells, resampled);
    return points === null ? [] : [{ arm, against, points }];
  });
}

/**
 * About the generated arm with the largest mean difference to real only. Chosen on the test pictures among the generated
 * arms, which favours it a little: every arm's own figure stands beside it.
 */
export function conclude(comparisons: readonly Comparison[]): Conclusion {
  const toReal = comparisons.filter((c) => c.against === 'real' && GENERATED_ARMS.includes(c.arm));
  if (toReal.length === 0) return { code: 'not-scored', arm: null, points: null, rival: null };
  const best = toReal.reduce((a, b) => (b.points.mean > a.points.mean ? b : a));
  const rival = comparisons
    .filter((c) => c.arm === best.arm && CHEAP_RIVALS.includes(c.against) && c.points.hi < 0)
    .toSorted((a, b) => a.points.mean - b.points.mean)[0];
  const { arm, points } = best;
  if (points.hi < 0) return { code: 'harm', arm, points, rival: rival?.against ?? null };
  if (points.lo <= 0) return { code: 'no-gain', arm, points, rival: rival?.against ?? null };
  if (rival !== undefined) return { code: 'gain-not-over-rivals', arm, points, rival: rival.against };
  return { code: 'gain', arm, points, rival: null };
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;

export function pointsText({ mean, lo, hi }: Interval): string {
  return `${signed(mean)} IoU points (${signed(lo)} to ${signed(hi)})`;
}

/** One sentence, English. */
export function verdictSentence({ code, arm, points, rival }: Conclusion): string {
  if (code === 'not-scored' || arm === null || points === null)
    return 'nothing was scored: there is no generated arm beside real only, or no test picture with a defect';
  const text = `${arm} against real only: ${pointsText(points)}`;
  switch (code) {
    case 'gain':
      return `${text}: worth using`;
    case 'gain-not-over-rivals':
      return `${text}: better than real only, but ${rival} is better still`;
    case 'no-gain':
      return `${text}: no gain shown`;
    case 'harm':
      return `${text}: it does harm here`;
  }
}
