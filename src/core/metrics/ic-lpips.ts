// IC-LPIPS: generated pictures are sorted to the real picture they resemble most; how far those of one apart are.

import { meanDefined } from './average.ts';

/** Perceptual distance of two pictures by their numbers. */
export type Distance = (a: number, b: number) => number;

/**
 * Each generated picture, in order, joins the nearest reference (of equally near ones the first). A cluster keeps the
 * first `cap`; the rest are dropped.
 * @param toReference distance of generated picture `a` to reference `b`
 * @returns per reference the numbers of its generated pictures
 */
export function clusterByReference(
  generated: number,
  references: number,
  toReference: Distance,
  cap = 140,
): number[][] {
  const clusters = Array.from({ length: references }, (): number[] => []);
  for (let g = 0; g < generated && references > 0; g++) {
    let [nearest, least] = [0, toReference(g, 0)];
    for (let r = 1; r < references; r++) {
      const distance = toReference(g, r);
      if (distance < least) [nearest, least] = [r, distance];
    }
    if (clusters[nearest].length < cap) clusters[nearest].push(g);
  }
  return clusters;
}

export interface IcLpips {
  /** Mean over ordered pairs of different pictures in a cluster; 0 for fewer than two. */
  readonly scores: readonly number[];
  /** Mean over all clusters; null without one. */
  readonly all: number | null;
  /** Mean over clusters whose score is not 0, the usual figure; null where all are. */
  readonly nonzero: number | null;
}

/** @param between distance of two generated pictures; only pairs within a cluster are asked for */
export function icLpips(clusters: readonly (readonly number[])[], between: Distance): IcLpips {
  const scores = clusters.map((members) => {
    let sum = 0;
    for (const a of members) for (const b of members) if (a !== b) sum += between(a, b);
    return members.length < 2 ? 0 : sum / (members.length * (members.length - 1));
  });
  return { scores, all: meanDefined(scores), nonzero: meanDefined(scores.filter((score) => score !== 0)) };
}
