// Draws masks for the dots of the screen that are asked for, and no others: nothing here depends on the picture's size.

import type { Coverage } from './coverage.ts';
import { MOST_LEVEL } from './coverage.ts';
import type { Box, View } from './view.ts';

export interface ShownLayer {
  readonly coverage: Coverage;
  /** [r,g,b] 0..255. */
  readonly colour: readonly [number, number, number];
  /** `stripes` for zones without a defect; `outside` darkens what is not set. */
  readonly look: 'fill' | 'outline' | 'stripes' | 'outside';
  /** 0..1. */
  readonly opacity: number;
}

const TILE_SHIFT = 8;
/** A speck that covers little of its dot is still shown this strongly. */
const LEAST_SEEN = 0.45;
const STRIPE = 8;

/**
 * RGBA of the dots in `box`, [H,W,4] into `out` (little endian words, all overwritten). The outline of a mask is one
 * dot wide whatever the zoom.
 */
export function paintOverlay(out: Uint32Array, box: Box, view: View, layers: readonly ShownLayer[]): void {
  out.fill(0, 0, box.width * box.height);
  const sampler = new Sampler(box, view);
  for (const layer of layers) {
    const any = sampler.sample(layer.coverage);
    if (any || layer.look === 'outside') paintLayer(out, box, layer, sampler.samples, sampler.stride);
  }
}

function paintLayer(
  out: Uint32Array,
  box: Box,
  { colour, look, opacity }: ShownLayer,
  samples: Uint8Array,
  stride: number,
): void {
  const [r, g, b] = colour;
  const rgb = r | (g << 8) | (b << 16);
  const rim = (255 << 24) | rgb;
  const inside = new Uint32Array(256);
  for (let v = 1; v < 256; v++) {
    const seen = LEAST_SEEN + (1 - LEAST_SEEN) * (v / 255);
    inside[v] = (Math.round(255 * opacity * seen) << 24) | rgb;
  }
  const shade = Math.round(255 * opacity) << 24;
  for (let y = 0; y < box.height; y++) {
    let i = (y + 1) * stride + 1;
    let o = y * box.width;
    for (let x = 0; x < box.width; x++, i++, o++) {
      const v = samples[i];
      if (v === OUTSIDE) continue;
      if (look === 'outside') {
        if (v === 0) out[o] = isRim(samples, i, stride, false) ? rim : shade;
        continue;
      }
      if (v === 0) continue;
      if (isRim(samples, i, stride, true)) out[o] = rim;
      else if (look === 'fill') out[o] = inside[v];
      else if (look === 'stripes') {
        const stripe = (((x + box.x + y + box.y) / STRIPE) | 0) % 2 === 0;
        out[o] = stripe ? inside[v] : out[o];
      }
    }
  }
}

/** Beyond the picture: neither set nor background. */
const OUTSIDE = 1;

function isRim(samples: Uint8Array, i: number, stride: number, set: boolean): boolean {
  const left = samples[i - 1];
  const right = samples[i + 1];
  const up = samples[i - stride];
  const down = samples[i + stride];
  if (set) return left === 0 || right === 0 || up === 0 || down === 0;
  return left > OUTSIDE || right > OUTSIDE || up > OUTSIDE || down > OUTSIDE;
}

/** Looks up coverage for a box of dots and one dot around it: 0 not set, 1 beyond the picture, 2..255 set. */
class Sampler {
  readonly stride: number;
  readonly #rows: number;
  readonly #view: View;
  readonly #box: Box;
  /** So small that no value is stepped over: a speck stays. */
  readonly #level: number;
  readonly samples: Uint8Array;
  /** Picture column and row of every column and row of dots; -1 beyond the picture. */
  #columns: Int32Array | null = null;
  #lines: Int32Array | null = null;

  constructor(box: Box, view: View) {
    this.stride = box.width + 2;
    this.#rows = box.height + 2;
    this.#box = box;
    this.#view = view;
    this.#level = Math.max(0, Math.min(MOST_LEVEL, Math.ceil(Math.log2(1 / view.scale) - 1e-6)));
    this.samples = new Uint8Array(this.stride * this.#rows);
  }

  /** Fills `samples`; false where nothing at all is set. */
  sample(coverage: Coverage): boolean {
    const { mask } = coverage;
    this.#columns ??= positions(this.#box.x, this.stride, this.#view.x, this.#view.scale, mask.width);
    this.#lines ??= positions(this.#box.y, this.#rows, this.#view.y, this.#view.scale, mask.height);
    if (mask.tiles.size === 0) {
      this.#markOutside(this.samples.fill(0));
      return false;
    }
    const level = this.#level;
    const { samples } = this;
    const sideShift = TILE_SHIFT - level;
    let any = false;
    for (let y = 0; y < this.#rows; y++) {
      const sy = this.#lines[y];
      const row = y * this.stride;
      if (sy < 0) {
        samples.fill(OUTSIDE, row, row + this.stride);
        continue;
      }
      const tileRow = (sy >> TILE_SHIFT) * mask.columns;
      const start = ((sy & 255) >> level) << sideShift;
      let column = -1;
      let tile: Uint8Array | null = null;
      for (let x = 0; x < this.stride; x++) {
        const sx = this.#columns[x];
        if (sx < 0) {
          samples[row + x] = OUTSIDE;
          continue;
        }
        if (sx >> TILE_SHIFT !== column) {
          column = sx >> TILE_SHIFT;
          tile = coverage.tile(tileRow + column, level);
        }
        const v = tile === null ? 0 : tile[start + ((sx & 255) >> level)];
        if (v === 0) samples[row + x] = 0;
        else {
          samples[row + x] = level === 0 ? 255 : v < 2 ? 2 : v;
          any = true;
        }
      }
    }
    return any;
  }

  #markOutside(samples: Uint8Array): void {
    for (let y = 0; y < this.#rows; y++) {
      for (let x = 0; x < this.stride; x++) {
        if (this.#lines![y] < 0 || this.#columns![x] < 0) samples[y * this.stride + x] = OUTSIDE;
      }
    }
  }
}

function positions(first: number, count: number, origin: number, scale: number, size: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const at = Math.floor(origin + (first + i - 1 + 0.5) / scale);
    return at < 0 || at >= size ? -1 : at;
  });
}
