// Rectangle arithmetic in native pixels; every function returns a new Rect.

import type { Rect } from './raster.ts';

/** Rect grown by `by` px on every side (negative shrinks; never below zero size). */
export function growRect(r: Rect, by: number): Rect {
  return {
    x: r.x - by,
    y: r.y - by,
    width: Math.max(0, r.width + 2 * by),
    height: Math.max(0, r.height + 2 * by),
  };
}

/** Smallest rectangle that holds both. */
export function unionRect(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Common part of both, or null when they do not meet. */
export function intersectRect(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** Number of free px between two rectangles along the axis that separates them most; 0 when they touch or meet. */
export function rectGap(a: Rect, b: Rect): number {
  const dx = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
  const dy = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
  return Math.max(0, dx, dy);
}

/** Longer side in px. */
export function longSide(r: Rect): number {
  return Math.max(r.width, r.height);
}

/** Whole picture as a rectangle. */
export function pictureRect(p: { width: number; height: number }): Rect {
  return { x: 0, y: 0, width: p.width, height: p.height };
}
