// Finds the product in a picture, or says that the picture is all product (textures): where defects may lie.

import { blurPlanes } from '../../image/blur.ts';
import { labelComponents } from '../../image/components.ts';
import { fullMask } from '../../image/mask-ops.ts';
import { closeMask, erode, fillHoles, openMask } from '../../image/morphology.ts';
import type { OtsuResult } from '../../image/otsu.ts';
import { otsu } from '../../image/otsu.ts';
import type { Mask, Planes, Raster } from '../../image/raster.ts';
import { emptyMask, maskArea } from '../../image/raster.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import type { GroundModel } from './ground-model.ts';
import { fitGround, frameOf, groundDistance } from './ground-model.ts';

/** Long side of the thumbnail everything is computed on, px. */
const THUMB = 256;
/** Thumbnail px from the border that stand for the background. */
const FRAME = 6;
/** Two classes: Otsu's between-class share of the variance. One bell gives .64, a ramp .75, so this alone decides nothing. */
const MIN_SEPARABILITY = 0.68;
/** The classes' mean colour distances differ by this share of the brightest value ... */
const MIN_CONTRAST = 0.08;
/** ... and by this many times the spread of the background's own distances. */
const MIN_SPREADS = 3.5;
/** At most this share of the frame may be product: the frame must show the background ... */
const MAX_ON_FRAME = 0.4;
/** ... and, unless the classes are this clear, more so than the whole picture: a texture's dark half is everywhere. */
const CLEAR = 0.85;
const MAX_FRAME_TO_ALL = 0.6;
/** Product's share of the picture. */
const AREA = [0.01, 0.95] as const;
/** The kept pieces must hold this share of all pixels above the threshold: a texture falls into crumbs. */
const MIN_KEPT = 0.7;
/** Pieces smaller than this share of the largest are not product. */
const MIN_PIECE = 0.25;
/** Weight of what is only the background's colour made darker: shadows, reflections in a tray. */
const SHADE_WEIGHT = 0.2;
/** The weight is dropped when it loses more than this share of the product: a black part on white is no shadow. */
const MAX_SHADE_LOSS = 0.6;
/** With it, pixels joined to the product count from this share of Otsu's threshold on: sides that took a tint. */
const GROW = 0.6;

export type ForegroundVerdict =
  | 'object'
  | 'one class'
  | 'low contrast'
  | 'reaches the frame'
  | 'too small'
  | 'too large'
  | 'scattered';

/** What a product is: an object on a background, or a surface that fills the picture. */
export type ProductKind = 'object' | 'surface';

export interface Foreground {
  /** Picture size; every pixel set for a surface. */
  readonly mask: Mask;
  /** 'object', or the criterion that failed. */
  readonly verdict: ForegroundVerdict;
  /** Otsu's between-class share of the variance, 0..1. */
  readonly separability: number;
}

/** Good pictures that are asked for the product's kind: enough for a vote. */
const VOTERS = 15;

/**
 * Kind of a product from its good pictures (a defect can look like an object, a good surface does not): an object
 * when at least half of them show one clearly. Many pictures are sampled evenly.
 */
export function productKind(goods: readonly Raster[]): ProductKind {
  const step = Math.max(1, goods.length / VOTERS);
  let objects = 0;
  let asked = 0;
  for (let at = 0; at < goods.length; at += step) {
    asked++;
    if (estimateForeground(goods[Math.floor(at)]).verdict === 'object') objects++;
  }
  return objects > 0 && 2 * objects >= asked ? 'object' : 'surface';
}

/**
 * Product = pixels whose colour is far (Otsu) from the background seen on the picture's frame: the large pieces, with
 * notches and holes closed, eroded a little. Darkening of the background's own colour counts less, which leaves most
 * shadows out. The whole picture is product when the two classes are not clear, the frame is not background, or the
 * pieces are crumbs. A known `kind` overrides the doubt about single pictures: 'surface' gives the whole picture,
 * 'object' skips the tests on clearness.
 */
export function estimateForeground(raster: Raster, kind?: ProductKind): Foreground {
  const all = (verdict: ForegroundVerdict, separability = 0): Foreground => ({
    mask: fullMask(raster.width, raster.height),
    verdict,
    separability,
  });
  if (kind === 'surface') return all('one class');
  const k = Math.min(1, THUMB / Math.max(raster.width, raster.height));
  const width = Math.max(1, Math.round(raster.width * k));
  const height = Math.max(1, Math.round(raster.height * k));
  const thumb = blurPlanes(
    cropToPlanes(raster, { x: 0, y: 0, width: raster.width, height: raster.height }, width, height),
    1,
  );
  const frame = frameOf(width, height, Math.min(FRAME, Math.ceil(Math.min(width, height) / 8)));
  const ground = fitGround(thumb, frame);
  const { distance, split, above, shaded } = separate(thumb, ground);

  if (kind !== 'object') {
    const contrast = split.highMean - split.lowMean;
    if (split.separability < MIN_SEPARABILITY) return all('one class', split.separability);
    if (
      contrast < MIN_CONTRAST * largest(thumb.data) ||
      contrast < MIN_SPREADS * spreadBelow(distance, above)
    ) {
      return all('low contrast', split.separability);
    }
    let hits = 0;
    for (let i = 0; i < frame.length; i++) hits += frame[i] & above.data[i];
    const share = hits / maskArea({ width, height, data: frame });
    const relative = split.separability > CLEAR ? 1 : MAX_FRAME_TO_ALL * split.highShare;
    if (share > Math.min(MAX_ON_FRAME, relative)) {
      return all('reaches the frame', split.separability);
    }
  }
  const core = largePieces(openMask(closeMask(above, 1), 1));
  const grown = shaded ? growInto(core, distance, GROW * split.threshold) : core;
  const notch = Math.max(1, Math.round(0.03 * Math.sqrt(maskArea(grown))));
  const mask = fillHoles(openMask(closeMask(grown, notch), notch));
  const area = maskArea(mask);
  if (area < AREA[0] * width * height) return all('too small', split.separability);
  if (area > AREA[1] * width * height) return all('too large', split.separability);
  if (kind !== 'object' && maskArea(core) < MIN_KEPT * maskArea(above))
    return all('scattered', split.separability);
  const shrunk = erode(mask, 1);
  return {
    mask: enlarge(maskArea(shrunk) > 0 ? shrunk : mask, raster.width, raster.height),
    verdict: 'object',
    separability: split.separability,
  };
}

interface Separation {
  /** [H,W] colour distance to the background. */
  readonly distance: Float32Array;
  readonly split: OtsuResult;
  readonly above: Mask;
  /** Darkening of the background's colour counted less. */
  readonly shaded: boolean;
}

/** Otsu on the distance that forgives shadows, or on the plain one where forgiving loses the product itself. */
function separate(thumb: Planes, ground: GroundModel): Separation {
  const at = (shade: number): Separation => {
    const distance = groundDistance(thumb, ground, shade);
    const split = otsu(distance);
    const above = emptyMask(thumb.width, thumb.height);
    for (let i = 0; i < distance.length; i++) if (distance[i] > split.threshold) above.data[i] = 1;
    return { distance, split, above, shaded: shade < 1 };
  };
  const plain = at(1);
  const forgiving = at(SHADE_WEIGHT);
  const contrast = forgiving.split.highMean - forgiving.split.lowMean;
  const keeps = maskArea(forgiving.above) >= (1 - MAX_SHADE_LOSS) * maskArea(plain.above);
  return keeps && contrast >= MIN_CONTRAST * largest(thumb.data) ? forgiving : plain;
}

function largest(values: Float32Array): number {
  let max = 0;
  for (const v of values) if (v > max) max = v;
  return max;
}

/** Standard deviation of the distances below the threshold. */
function spreadBelow(distance: Float32Array, above: Mask): number {
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < distance.length; i++) {
    if (above.data[i] !== 0) continue;
    n++;
    sum += distance[i];
    squares += distance[i] ** 2;
  }
  return n === 0 ? 0 : Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}

/** Pieces that are not much smaller than the largest one. */
function largePieces(mask: Mask): Mask {
  const { labels, components } = labelComponents(mask);
  const largestArea = components.reduce((n, c) => Math.max(n, c.area), 0);
  const keep = new Set(components.filter((c) => c.area >= MIN_PIECE * largestArea).map((c) => c.label));
  return {
    width: mask.width,
    height: mask.height,
    data: Uint8Array.from(labels, (l) => (keep.has(l) ? 1 : 0)),
  };
}

/** The core and every pixel above `low` that is joined to it. */
function growInto(core: Mask, distance: Float32Array, low: number): Mask {
  const { width, height } = core;
  const loose: Mask = {
    width,
    height,
    data: core.data.map((v, i) => (v !== 0 || distance[i] > low ? 1 : 0)),
  };
  const { labels } = labelComponents(openMask(loose, 1));
  const joined = new Set<number>();
  for (let i = 0; i < labels.length; i++) if (core.data[i] !== 0) joined.add(labels[i]);
  joined.delete(0);
  return { width, height, data: core.data.map((v, i) => (v !== 0 || joined.has(labels[i]) ? 1 : 0)) };
}

/** Nearest-neighbour enlargement of the thumbnail's mask to the picture. */
function enlarge(mask: Mask, width: number, height: number): Mask {
  const out = emptyMask(width, height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++) {
      out.data[y * width + x] = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)];
    }
  }
  return out;
}
