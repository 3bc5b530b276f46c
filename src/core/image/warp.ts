// Rotation, flip, scale and smooth random displacement as one mapping that masks and pictures share.

import type { Rng } from '../base/rng.ts';
import { blurPlane } from './blur.ts';
import { binarise } from './mask-resample.ts';
import type { Mask, Planes, Rect } from './raster.ts';
import { planes } from './raster.ts';
import { reflectIndex } from './resample.ts';

/** How a piece of a picture is turned into a new one. */
export interface WarpParams {
  /** Radians, from x towards y (clockwise on the screen). */
  readonly angle: number;
  /** Mirrors left-right before rotating. */
  readonly flip: boolean;
  /** Output px per source px. */
  readonly scale: number;
  /** Smooth displacement in output px: correlation length `sigma`, largest shift per axis `amplitude`; null = none. */
  readonly noise: { readonly sigma: number; readonly amplitude: number } | null;
}

/** The mapping: output box of width x height px -> position in the source picture. */
export interface Warp {
  readonly width: number;
  readonly height: number;
  readonly params: WarpParams;
  /** Centre of the source piece, source px. */
  readonly centre: { readonly x: number; readonly y: number };
  /** cos and sin of the angle over the scale: the inverse mapping's matrix. */
  readonly cos: number;
  readonly sin: number;
  /** [2,H',W'] displacement (x, y) in output px over the output box, or null. */
  readonly field: Planes | null;
}

/** Smooth noise [2,h,w] for a box of width x height px; largest absolute value per axis = amplitude. */
function displacement(width: number, height: number, sigma: number, amplitude: number, rng: Rng): Planes {
  // Cells of sigma/4 px carry a field of correlation length sigma; its size does not grow with the resolution.
  const cell = Math.max(1, sigma / 4);
  const w = Math.max(2, Math.ceil(width / cell));
  const h = Math.max(2, Math.ceil(height / cell));
  const out = planes(2, w, h);
  for (let c = 0; c < 2; c++) {
    const smooth = blurPlane(rng.fillNormal(new Float32Array(w * h)), w, h, sigma / cell);
    let peak = 1e-9;
    for (const v of smooth) peak = Math.max(peak, Math.abs(v));
    // Small boxes hold a fraction of one wave: scale by the field's expected peak there, not up to the full shift.
    const expected = 1 / (2 * Math.sqrt(Math.PI) * (sigma / cell));
    const gain = amplitude / Math.max(peak, 2 * expected);
    out.data.set(
      smooth.map((v) => v * gain),
      c * w * h,
    );
  }
  return out;
}

/** Mapping for the piece of the source under `bounds`; the output box is large enough to hold all of it. */
export function makeWarp(bounds: Rect, params: WarpParams, rng: Rng): Warp {
  const cos = Math.abs(Math.cos(params.angle));
  const sin = Math.abs(Math.sin(params.angle));
  const margin = 1 + (params.noise === null ? 0 : Math.ceil(params.noise.amplitude));
  const width = Math.ceil((bounds.width * cos + bounds.height * sin) * params.scale) + 2 * margin;
  const height = Math.ceil((bounds.width * sin + bounds.height * cos) * params.scale) + 2 * margin;
  const noise = params.noise;
  return {
    width,
    height,
    params,
    cos: Math.cos(params.angle) / params.scale,
    sin: Math.sin(params.angle) / params.scale,
    centre: { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 },
    field:
      noise === null || noise.amplitude <= 0
        ? null
        : displacement(width, height, noise.sigma, noise.amplitude, rng),
  };
}

/** Bilinear value of channel c at (x, y), pixel centres at +0.5, mirrored at the borders. */
export function sampleBilinear(src: Planes, c: number, x: number, y: number): number {
  const x0 = Math.floor(x - 0.5);
  const y0 = Math.floor(y - 0.5);
  const fx = x - 0.5 - x0;
  const fy = y - 0.5 - y0;
  const xa = reflectIndex(x0, src.width);
  const xb = reflectIndex(x0 + 1, src.width);
  const ya = (c * src.height + reflectIndex(y0, src.height)) * src.width;
  const yb = (c * src.height + reflectIndex(y0 + 1, src.height)) * src.width;
  const d = src.data;
  const top = d[ya + xa] * (1 - fx) + d[ya + xb] * fx;
  const bottom = d[yb + xa] * (1 - fx) + d[yb + xb] * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Source position of output position (x, y) in px of the output box; writes to out[0], out[1]. */
export function warpPoint(warp: Warp, x: number, y: number, out: Float64Array): void {
  let dx = x - warp.width / 2;
  let dy = y - warp.height / 2;
  if (warp.field !== null) {
    const fx = Math.min(1, Math.max(0, x / warp.width)) * warp.field.width;
    const fy = Math.min(1, Math.max(0, y / warp.height)) * warp.field.height;
    dx += sampleBilinear(warp.field, 0, fx, fy);
    dy += sampleBilinear(warp.field, 1, fx, fy);
  }
  const u = dx * warp.cos + dy * warp.sin;
  out[0] = warp.centre.x + (warp.params.flip ? -u : u);
  out[1] = warp.centre.y + dy * warp.cos - dx * warp.sin;
}

/** Sub-samples per px and axis when a mask is warped. */
const SUB = 2;

/**
 * Warped mask over the output box. Coverage is the mean of SUB x SUB bilinear samples; what is thinner than a px is
 * kept whole (see binarise), so a 1 px scratch neither breaks nor vanishes.
 * `mask` is the source picture's mask or a part of it whose top left lies at (originX, originY) there.
 */
export function warpMask(mask: Mask, warp: Warp, originX = 0, originY = 0): Mask {
  const cover = new Float32Array(warp.width * warp.height);
  const point = new Float64Array(2);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= mask.width || y >= mask.height ? 0 : mask.data[y * mask.width + x];
  for (let y = 0; y < warp.height; y++) {
    for (let x = 0; x < warp.width; x++) {
      let sum = 0;
      for (let k = 0; k < SUB * SUB; k++) {
        warpPoint(warp, x + ((k % SUB) + 0.5) / SUB, y + (Math.floor(k / SUB) + 0.5) / SUB, point);
        const sx = point[0] - originX - 0.5;
        const sy = point[1] - originY - 0.5;
        const x0 = Math.floor(sx);
        const y0 = Math.floor(sy);
        if (x0 < -1 || y0 < -1 || x0 >= mask.width || y0 >= mask.height) continue;
        const fx = sx - x0;
        const fy = sy - y0;
        sum +=
          (at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx) * (1 - fy) +
          (at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx) * fy;
      }
      cover[y * warp.width + x] = sum / (SUB * SUB);
    }
  }
  return binarise(cover, warp.width, warp.height);
}
