// Outlines, boxes and ellipses as spans of pixels whose centres are inside.

import { addPolygon } from '../image/polygon-fill.ts';
import { emptyMask } from '../image/raster.ts';
import type { Span } from './brush.ts';

/** Points in eighths of a pixel, even-odd rule; what lies outside of the picture is cut. */
export function polygonSpans(
  points: readonly number[],
  picture: { width: number; height: number },
  span: Span,
): void {
  if (points.length < 6) return;
  const xs = points.filter((_, i) => i % 2 === 0).map((v) => v / 8);
  const ys = points.filter((_, i) => i % 2 === 1).map((v) => v / 8);
  const x0 = Math.max(0, Math.floor(least(xs)));
  const y0 = Math.max(0, Math.floor(least(ys)));
  const width = Math.min(picture.width, Math.ceil(most(xs))) - x0;
  const height = Math.min(picture.height, Math.ceil(most(ys))) - y0;
  if (width <= 0 || height <= 0) return;
  const target = emptyMask(width, height);
  addPolygon(target, [xs.flatMap((x, i) => [x - x0, ys[i] - y0])]);
  for (let y = 0; y < height; y++) {
    const row = target.data.subarray(y * width, (y + 1) * width);
    for (let x = row.indexOf(1); x >= 0; ) {
      let end = row.indexOf(0, x);
      if (end < 0) end = width;
      span(y0 + y, x0 + x, x0 + end);
      x = row.indexOf(1, end);
    }
  }
}

export function ellipseSpans(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  span: Span,
): void {
  const cx = x + width / 2;
  const cy = y + height / 2;
  for (let row = y; row < y + height; row++) {
    const dy = (row + 0.5 - cy) / (height / 2);
    const half = (width / 2) * Math.sqrt(Math.max(0, 1 - dy * dy));
    const from = Math.ceil(cx - half - 0.5);
    const to = Math.floor(cx + half - 0.5) + 1;
    if (to > from) span(row, from, to);
  }
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
