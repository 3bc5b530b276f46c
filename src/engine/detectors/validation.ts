// What validation pictures decide: which weights are kept, and the thresholds.

import { namedRng } from '../../core/base/rng.ts';
import type { Mask } from '../../core/image/raster.ts';
import { averagePrecision, bestIou, f1Max } from '../../core/metrics/detection.ts';
import { type Labelled, rankScores } from '../../core/metrics/ranking.ts';
import { goodWindows, shotWindows, type WindowGeometry } from '../../core/recipes/detector/shot-windows.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import type { Detector, ValidationPicture } from './detector.ts';
import type { DetectorThresholds } from './spec.ts';
import type { WindowScorer } from './window-scorer.ts';

/** Windows the kept weights are chosen on, and the share of them that shows good pictures. */
const WINDOWS = 16;
const GOOD_SHARE = 0.25;
/** Whole pictures the thresholds are chosen on. */
const MOST_PICTURES = 8;

const isGood = ({ mask }: { readonly mask: Mask }) => !mask.data.includes(1);

/** The same windows in every training; none without a defect among the pictures. */
export function validationWindows(
  pictures: readonly ValidationPicture[],
  geometry: WindowGeometry,
): DetectorWindow[] {
  const goods = pictures.filter(isGood);
  const defects = pictures.filter((p) => !isGood(p)).map((p) => ({ ...p, type: '' }));
  if (defects.length === 0) return [];
  const good = goods.length > 0 ? goodWindows(goods, geometry) : null;
  const defect = shotWindows(defects, geometry);
  return Array.from({ length: WINDOWS }, (_, i) => {
    const rng = namedRng(0, `validation window ${i}`);
    return good && i < GOOD_SHARE * WINDOWS ? good(rng) : defect(rng);
  });
}

/** Pixel average precision over the windows. */
export async function windowPrecision(
  scorer: WindowScorer,
  windows: readonly DetectorWindow[],
): Promise<number> {
  const maps = await scorer.maps(windows.map((w) => w.image));
  return averagePrecision(rankScores(maps.map((scores, i) => ({ scores, labels: windows[i].mask })))) ?? 0;
}

/** An even choice of the pictures, good ones and others. */
function chosen(pictures: readonly ValidationPicture[]): ValidationPicture[] {
  if (pictures.length <= MOST_PICTURES) return [...pictures];
  const [goods, defects] = [pictures.filter(isGood), pictures.filter((p) => !isGood(p))];
  const defectCount = Math.min(defects.length, Math.max(MOST_PICTURES / 2, MOST_PICTURES - goods.length));
  return [...defects.slice(0, defectCount), ...goods.slice(0, MOST_PICTURES - defectCount)];
}

/** Thresholds of the best pooled IoU and of the best picture F1; null where the pictures are all of one kind. */
export async function findThresholds(
  detector: Detector,
  pictures: readonly ValidationPicture[],
  signal: AbortSignal,
): Promise<DetectorThresholds> {
  const pixels: Labelled[] = [];
  const [labels, scores]: [number[], number[]] = [[], []];
  for (const picture of chosen(pictures)) {
    const map = await detector.score(picture.raster, signal);
    pixels.push({ labels: picture.mask.data, scores: map.scores });
    labels.push(isGood(picture) ? 0 : 1);
    scores.push(map.imageScore);
  }
  const isMixed = labels.includes(0) && labels.includes(1);
  const whole = { labels, scores: Float64Array.from(scores) };
  return {
    pixel: bestIou(rankScores(pixels))?.threshold ?? null,
    image: isMixed ? (f1Max(rankScores([whole]))?.threshold ?? null) : null,
  };
}
