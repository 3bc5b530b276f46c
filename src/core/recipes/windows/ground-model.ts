// Colour of the background under uneven light, from a picture's frame, and every pixel's distance to it.

import type { Planes } from '../../image/raster.ts';

/** Background colour as a plane per channel: value = a + b x + c y with x, y in -0.5..0.5 over the picture. */
export interface GroundModel {
  /** [channel][a, b, c]. */
  readonly plane: readonly (readonly [number, number, number])[];
}

/** Pixels within `rim` px of the picture's border: 1, else 0. */
export function frameOf(width: number, height: number, rim: number): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x < rim || y < rim || x >= width - rim || y >= height - rim) out[y * width + x] = 1;
    }
  }
  return out;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

/** Least squares plane through (x, y, v); null when the points do not span one. */
function fitPlane(points: readonly (readonly [number, number, number])[]): [number, number, number] | null {
  let [n, sx, sy, sxx, sxy, syy, sv, sxv, syv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const [x, y, v] of points) {
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
    sv += v;
    sxv += x * v;
    syv += y * v;
  }
  const det = n * (sxx * syy - sxy * sxy) - sx * (sx * syy - sxy * sy) + sy * (sx * sxy - sxx * sy);
  if (n < 3 || Math.abs(det) < 1e-6 * n) return null;
  const a =
    (sv * (sxx * syy - sxy * sxy) - sx * (sxv * syy - sxy * syv) + sy * (sxv * sxy - sxx * syv)) / det;
  const b = (n * (sxv * syy - sxy * syv) - sv * (sx * syy - sxy * sy) + sy * (sx * syv - sxv * sy)) / det;
  const c = (n * (sxx * syv - sxv * sxy) - sx * (sx * syv - sxv * sy) + sv * (sx * sxy - sxx * sy)) / det;
  return [a, b, c];
}

/**
 * Robust fit to the frame: start at the frame's median colour, then three times a plane through the half of the frame
 * that is nearest to the model so far, so that a product or a bright strip that reaches the frame is left out.
 */
export function fitGround(p: Planes, frame: Uint8Array): GroundModel {
  const area = p.width * p.height;
  const where: number[] = [];
  for (let i = 0; i < area; i++) if (frame[i] !== 0) where.push(i);
  let plane = [0, 1, 2].map((c): readonly [number, number, number] => [
    median(where.map((i) => p.data[c * area + i])),
    0,
    0,
  ]);
  for (let round = 0; round < 3; round++) {
    const miss = groundDistance(p, { plane }, 1);
    const cut = median(where.map((i) => miss[i]));
    const near = where.filter((i) => miss[i] <= cut);
    const next = [0, 1, 2].map((c) =>
      fitPlane(
        near.map((i) => [
          ((i % p.width) + 0.5) / p.width - 0.5,
          (Math.floor(i / p.width) + 0.5) / p.height - 0.5,
          p.data[c * area + i],
        ]),
      ),
    );
    if (next.some((f) => f === null)) break;
    plane = next as [number, number, number][];
  }
  return { plane };
}

/**
 * [H,W] colour distance to the background, in the picture's units. The part of the difference that only makes the
 * background's colour darker counts with `shade` (1 = plain Euclid).
 */
export function groundDistance(p: Planes, ground: GroundModel, shade: number): Float32Array {
  const area = p.width * p.height;
  const out = new Float32Array(area);
  const g = [0, 0, 0];
  const d = [0, 0, 0];
  for (let y = 0; y < p.height; y++) {
    const v = (y + 0.5) / p.height - 0.5;
    for (let x = 0; x < p.width; x++) {
      const i = y * p.width + x;
      const u = (x + 0.5) / p.width - 0.5;
      let norm = 1e-9;
      let along = 0;
      let square = 0;
      for (let c = 0; c < 3; c++) {
        g[c] = ground.plane[c][0] + ground.plane[c][1] * u + ground.plane[c][2] * v;
        d[c] = p.data[c * area + i] - g[c];
        norm += g[c] * g[c];
        along += d[c] * g[c];
        square += d[c] * d[c];
      }
      along /= Math.sqrt(norm);
      const across = Math.max(0, square - along * along);
      const weighted = along < 0 ? along * shade : along;
      out[i] = Math.sqrt(across + weighted * weighted);
    }
  }
  return out;
}
