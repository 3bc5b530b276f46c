// Structural similarity of two pictures under a Gaussian window.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { type AxisMap, axisMap, separable } from './resample.ts';

export interface SsimOptions {
  /** Side of the window, odd; 11. */
  readonly window?: number;
  /** Deviation of the Gaussian in pixels; 1.5. */
  readonly sigma?: number;
  /** Largest minus smallest possible value; 1. */
  readonly dataRange?: number;
  /** true: zeros around, the map keeps its size; false: only windows that fit. */
  readonly zeroPadding?: boolean;
}

function gaussianMap(size: number, window: number, sigma: number, padded: boolean): AxisMap {
  const half = (window - 1) / 2;
  const raw = Array.from({ length: window }, (_, k) => Math.exp(-((k - half) ** 2) / (2 * sigma * sigma)));
  const total = raw.reduce((x, y) => x + y);
  const shift = padded ? half : 0;
  return axisMap(padded ? size : size - window + 1, size, (o) =>
    raw
      .map((w, k) => [o + k - shift, w / total] as const)
      .filter(([position]) => position >= 0 && position < size),
  );
}

/** Similarity per pixel: x, y [N,C,H,W] -> [N,C,H,W], or smaller by window - 1 without padding. */
export function ssimMap(b: Builder, x: Value, y: Value, options: SsimOptions = {}): Value {
  const { window = 11, sigma = 1.5, dataRange = 1, zeroPadding = true } = options;
  const [h, w] = x.shape.slice(-2);
  const rows = gaussianMap(h, window, sigma, zeroPadding);
  const columns = gaussianMap(w, window, sigma, zeroPadding);
  const blur = (v: Value) => separable(b, v, rows, columns);
  const [mx, my] = [blur(x), blur(y)];
  const [mxx, myy, mxy] = [b.square(mx), b.square(my), b.mul(mx, my)];
  const varX = b.sub(blur(b.square(x)), mxx);
  const varY = b.sub(blur(b.square(y)), myy);
  const covariance = b.sub(blur(b.mul(x, y)), mxy);
  const [c1, c2] = [(0.01 * dataRange) ** 2, (0.03 * dataRange) ** 2];
  const above = b.mul(b.add(b.mul(mxy, 2), c1), b.add(b.mul(covariance, 2), c2));
  const below = b.mul(b.add(b.add(mxx, myy), c1), b.add(b.add(varX, varY), c2));
  return b.div(above, below);
}

/** Mean similarity, a scalar; 1 for equal pictures. */
export function ssim(b: Builder, x: Value, y: Value, options: SsimOptions = {}): Value {
  return b.mean(ssimMap(b, x, y, options), 'all');
}
