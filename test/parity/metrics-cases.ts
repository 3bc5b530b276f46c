// What each kind of case in metrics/index.json asks for, computed by this project's metrics.

import { meanDefined, spread } from '../../src/core/metrics/average.ts';
import { auroc, averagePrecision, bestIou, f1Max } from '../../src/core/metrics/detection.ts';
import { clusterByReference, icLpips } from '../../src/core/metrics/ic-lpips.ts';
import { maxScore } from '../../src/core/metrics/image-score.ts';
import { inceptionScore } from '../../src/core/metrics/inception-score.ts';
import { iouOf, overlapAt, pooledIou } from '../../src/core/metrics/iou.ts';
import { mmdSquared } from '../../src/core/metrics/kid.ts';
import { aupro, rankRegions, type ScoredPicture, walkPro } from '../../src/core/metrics/pro.ts';
import { type Labelled, type Ranking, rankScores, walkThresholds } from '../../src/core/metrics/ranking.ts';
import type { Golden } from './golden.ts';

/** null: undefined. */
export type Measured = number | null | readonly (number | null)[];
/** Values by the index's key (`pixel.auroc` for nested ones); undefined for a key nobody knows. */
export type Measure = (key: string) => Measured | undefined;

export interface MetricCase {
  readonly kind: string;
  readonly [key: string]: unknown;
}

type Values = Readonly<Record<string, () => Measured>>;

/** Reads `values`, then patterns such as `aupro_0.3`, whose first group is a number. */
function measure(values: Values, patterns: readonly [RegExp, (n: number) => Measured][] = []): Measure {
  return (key) => {
    if (Object.hasOwn(values, key)) return values[key]();
    for (const [pattern, value] of patterns) {
      const found = pattern.exec(key);
      if (found) return value(Number(found[1]));
    }
    return undefined;
  };
}

/** F1 with every score of at least `threshold` taken as positive. */
export function f1At(ranking: Ranking, threshold: number): number {
  let [tp, fp] = [0, 0];
  walkThresholds(ranking, (at, t, f) => {
    if (at >= threshold) [tp, fp] = [t, f];
  });
  return (2 * tp) / (tp + fp + ranking.positives.length);
}

function thresholdMetrics(ranking: Ranking, prefix: string): Values {
  return {
    [`${prefix}auroc`]: () => auroc(ranking),
    [`${prefix}ap`]: () => averagePrecision(ranking),
    [`${prefix}f1_max`]: () => f1Max(ranking)?.value ?? null,
  };
}

export function detectionRanking(golden: Golden, name: string): Ranking {
  return rankScores([{ labels: golden.int32(`${name}.labels`), scores: golden.floats(`${name}.scores`) }]);
}

/** The pictures of `NAME.masks` and `NAME.maps`. */
export function pixelPictures(golden: Golden, name: string): ScoredPicture[] {
  const [count, height, width] = golden.shape(`${name}.masks`);
  const masks = Uint8Array.from(golden.int32(`${name}.masks`));
  const maps = golden.float32(`${name}.maps`);
  const size = width * height;
  return Array.from({ length: count }, (_, i) => ({
    mask: { width, height, data: masks.subarray(i * size, (i + 1) * size) },
    scores: maps.subarray(i * size, (i + 1) * size),
  }));
}

export function pixelRanking(pictures: readonly ScoredPicture[]): Ranking {
  return rankScores(pictures.map(labelled));
}

function labelled({ mask, scores }: ScoredPicture): Labelled {
  return { labels: mask.data, scores };
}

function pixel(golden: Golden, name: string): Measure {
  const pictures = pixelPictures(golden, name);
  const parts = pictures.map(labelled);
  const regions = rankRegions(pictures);
  const isDefect = pictures.map(({ mask }) => (mask.data.some((v) => v !== 0) ? 1 : 0));
  const tops = pictures.map(({ scores }) => maxScore(scores));
  const best = (): number[] => parts.flatMap((part) => bestIou(rankScores([part]))?.value ?? []);
  /** From (0,0). */
  const curve = (which: 0 | 1) => (): number[] => {
    const out = [0];
    walkPro(regions, (...point) => out.push(point[which]));
    return out;
  };
  return measure(
    {
      ...thresholdMetrics(rankScores(parts), 'pixel.'),
      components: () => regions.regions,
      image_score_max: () => tops,
      image_auroc_of_max: () => auroc(rankScores([{ labels: isDefect, scores: Float64Array.from(tops) }])),
      best_iou_per_anomalous_image: best,
      mean_best_iou: () => meanDefined(best()),
      pro_fpr: curve(0),
      pro_pro: curve(1),
    },
    [
      [/^aupro_([\d.]+)(?:_brute_force)?$/, (limit) => aupro(regions, limit)],
      [/^iou_fixed_([\d.]+)_per_image$/, (at) => parts.map((part) => iouOf(overlapAt(part, at)))],
      [/^iou_fixed_([\d.]+)_dataset$/, (at) => pooledIou(parts, at)],
    ],
  );
}

function kid(golden: Golden): Measure {
  const features = (name: string) => ({
    data: golden.floats(`kid.${name}`),
    width: golden.shape(`kid.${name}`)[1],
  });
  const [real, generated] = [features('real'), features('generated')];
  const [subsets, size] = golden.shape('kid.subset_real');
  const row = (name: string, i: number): Int32Array =>
    golden.int32(`kid.subset_${name}`).subarray(i * size, (i + 1) * size);
  const all = Array.from({ length: subsets }, (_, i) =>
    mmdSquared(real, generated, 'unbiased', { x: row('real', i), y: row('generated', i) }),
  );
  const summary = spread(all as number[]);
  return measure({
    mmd2_unbiased_all: () => mmdSquared(real, generated, 'unbiased'),
    mmd2_biased_all: () => mmdSquared(real, generated, 'biased'),
    subsets: () => all,
    mean: () => summary?.mean ?? null,
    std_population: () => summary?.deviation ?? null,
    same_set_unbiased: () => mmdSquared(real, real, 'unbiased'),
  });
}

function inception(golden: Golden): Measure {
  const [logits, [, classes]] = [golden.floats('is.logits'), golden.shape('is.logits')];
  return (key) => {
    const found = /^splits_(\d+)\.(splits|mean|std_population)$/.exec(key);
    if (!found) return undefined;
    const score = inceptionScore(logits, classes, Number(found[1]));
    if (score === null) return null;
    return { splits: score.splits, mean: score.mean, std_population: score.deviation }[found[2]];
  };
}

function icLpipsCase(golden: Golden, _name: string, expected: MetricCase): Measure {
  const [generated, references] = golden.shape('ic_lpips.gen_to_ref');
  const table = (name: string, width: number) => {
    const data = golden.floats(name);
    return (a: number, b: number): number => data[a * width + b];
  };
  const toReference = table('ic_lpips.gen_to_ref', references);
  const clusters = clusterByReference(generated, references, toReference, Number(expected.cap));
  const { scores, all, nonzero } = icLpips(clusters, table('ic_lpips.gen_to_gen', generated));
  return measure(
    { cap: () => Number(expected.cap), scores: () => scores, all: () => all, nonzero: () => nonzero },
    [[/^clusters\.(\d+)$/, (i) => clusters[i]]],
  );
}

/** By `kind`: makes the measure of one case. */
export const KINDS: Readonly<Record<string, (golden: Golden, name: string, c: MetricCase) => Measure>> = {
  detection: (golden, name) => measure(thresholdMetrics(detectionRanking(golden, name), '')),
  pixel,
  kid,
  is: inception,
  ic_lpips: icLpipsCase,
};
