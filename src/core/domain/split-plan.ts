// Splits of a product's pictures: which pictures belong together, where that is violated, and how to divide them.

import { invariant } from '../base/errors.ts';
import { namedRng } from '../base/rng.ts';
import type { ImageSplit } from './import-report.ts';

export const SPLITS: readonly ImageSplit[] = ['train', 'validation', 'test'];

/** A picture as splits see it. */
export interface SplitPicture {
  readonly id: string;
  readonly file: string;
  /** Equal content is one picture. */
  readonly blob: string;
  /** `good`, `unlabelled`, or a defect type: each is divided on its own. */
  readonly kind: string;
  readonly split: ImageSplit | null;
  /** Physical part; null where it is unknown. */
  readonly part: string | null;
  /** Number of the group of near-duplicates; null outside of any. */
  readonly near: number | null;
}

export type LeakReason = 'part' | 'near-duplicate' | 'same';

/** Pictures that belong together and lie in different splits. */
export interface Leak {
  readonly reason: LeakReason;
  /** Name of the part; null for near-duplicates. */
  readonly part: string | null;
  /** The pair that shows it. */
  readonly first: SplitPicture;
  readonly second: SplitPicture;
  /** All that belong together with them, by part and likeness. */
  readonly pictures: readonly SplitPicture[];
  /** Where most of them lie: the split that mends it. */
  readonly into: ImageSplit;
}

/** Sets of pictures that must stay in one split: linked by part, by likeness, or by equal content. */
export function clustersOf(pictures: readonly SplitPicture[]): SplitPicture[][] {
  const parent = pictures.map((_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root];
    for (let at = i; parent[at] !== root; ) [at, parent[at]] = [parent[at], root];
    return root;
  };
  const firstOf = new Map<string, number>();
  for (const [i, picture] of pictures.entries()) {
    for (const link of linksOf(picture)) {
      const first = firstOf.get(link);
      if (first === undefined) firstOf.set(link, i);
      else parent[rootOf(i)] = rootOf(first);
    }
  }
  const byRoot = new Map<number, SplitPicture[]>();
  for (const [i, picture] of pictures.entries()) {
    const root = rootOf(i);
    const cluster = byRoot.get(root);
    if (cluster === undefined) byRoot.set(root, [picture]);
    else cluster.push(picture);
  }
  return [...byRoot.values()];
}

function linksOf({ blob, part, near }: SplitPicture): string[] {
  const links = [`same ${blob}`];
  if (part !== null) links.push(`part ${part}`);
  if (near !== null) links.push(`near ${near}`);
  return links;
}

/** One leak per set of pictures that crosses splits; pictures without a split are in none. */
export function findLeaks(pictures: readonly SplitPicture[]): Leak[] {
  const leaks: Leak[] = [];
  for (const cluster of clustersOf(pictures)) {
    const placed = cluster.filter(({ split }) => split !== null);
    if (placed.every(({ split }) => split === placed[0].split)) continue;
    const pair = crossingPair(placed);
    if (pair !== null) leaks.push({ ...pair, pictures: cluster, into: mostCommon(placed) });
  }
  return leaks;
}

/** The plainest pair: the same picture twice, else near-duplicates, else one part. */
function crossingPair(
  placed: readonly SplitPicture[],
): Pick<Leak, 'reason' | 'part' | 'first' | 'second'> | null {
  const keys: [LeakReason, (p: SplitPicture) => string | number | null][] = [
    ['same', (p) => p.blob],
    ['near-duplicate', (p) => p.near],
    ['part', (p) => p.part],
  ];
  for (const [reason, keyOf] of keys) {
    const firsts = new Map<string | number, SplitPicture>();
    for (const second of placed) {
      const key = keyOf(second);
      if (key === null) continue;
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, second);
      else if (first.split !== second.split)
        return { reason, part: reason === 'part' ? second.part : null, first, second };
    }
  }
  return null;
}

function mostCommon(placed: readonly SplitPicture[]): ImageSplit {
  const count = (split: ImageSplit): number => placed.filter((p) => p.split === split).length;
  return SPLITS.toSorted((a, b) => count(b) - count(a))[0];
}

export type Shares = Readonly<Record<ImageSplit, number>>;

/**
 * Divides pictures by shares (any positive scale), kind by kind, sets that belong together as one. The same pictures
 * and seed give the same answer, whatever their order. `keep`: pictures with a split stay and count.
 */
export function dividePictures(
  pictures: readonly SplitPicture[],
  { shares, seed, keep }: { shares: Shares; seed: number; keep: boolean },
): Map<string, ImageSplit> {
  const total = SPLITS.reduce((sum, split) => sum + shares[split], 0);
  invariant(total > 0, 'shares must not all be 0');
  const sorted = pictures.toSorted((a, b) => compare(a.file, b.file) || compare(a.id, b.id));
  const clusters = clustersOf(sorted);
  const order = namedRng(seed, 'splits').permutation(clusters.length);
  // Rarest kind first, so that a mixed set counts where it matters; large sets first, small ones even out.
  const sizes = new Map<string, number>();
  for (const { kind } of sorted) sizes.set(kind, (sizes.get(kind) ?? 0) + 1);
  const kindOf = (cluster: readonly SplitPicture[]): string =>
    cluster.map(({ kind }) => kind).sort((a, b) => sizes.get(a)! - sizes.get(b)! || compare(a, b))[0];
  const queue = order
    .map((i) => ({ cluster: clusters[i], kind: kindOf(clusters[i]) }))
    .sort(
      (a, b) =>
        sizes.get(a.kind)! - sizes.get(b.kind)! ||
        compare(a.kind, b.kind) ||
        b.cluster.length - a.cluster.length,
    );
  const has = new Map<string, number>();
  const put = (cluster: readonly SplitPicture[], split: ImageSplit): void => {
    for (const { kind } of cluster) has.set(`${kind} ${split}`, (has.get(`${kind} ${split}`) ?? 0) + 1);
  };
  const answer = new Map<string, ImageSplit>();
  const stays = (cluster: readonly SplitPicture[]): boolean => keep && cluster.some((p) => p.split !== null);
  for (const { cluster } of queue) {
    if (!stays(cluster)) continue;
    const split = mostCommon(cluster.filter((p) => p.split !== null));
    put(cluster, split);
    for (const { id, split: now } of cluster) answer.set(id, now ?? split);
  }
  for (const { cluster, kind } of queue) {
    if (stays(cluster)) continue;
    const missing = (split: ImageSplit): number =>
      (shares[split] / total) * sizes.get(kind)! - (has.get(`${kind} ${split}`) ?? 0);
    const split = SPLITS.filter((s) => shares[s] > 0).toSorted((a, b) => missing(b) - missing(a))[0];
    put(cluster, split);
    for (const { id } of cluster) answer.set(id, split);
  }
  return answer;
}

/** First capture group, or the whole match; null where the expression does not match. */
export function partOf(file: string, pattern: RegExp): string | null {
  const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(file);
  return match === null ? null : (match[1] ?? match[0]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
