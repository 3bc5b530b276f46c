// Fills outlines, boxes, circles and strokes by the pixel-centre rule: a pixel is set where its centre (+0.5) is inside.

import { AppError } from '../base/errors.ts';
import type { Mask } from './raster.ts';
import { emptyMask } from './raster.ts';

/** x0,y0,x1,y1,...; closed by itself. */
type Ring = readonly number[];

/** Edge crossings of pixel rows that one outline may have: far beyond any drawing, bounded for hostile ones. */
const MOST_CROSSINGS = 100_000_000;

interface Edge {
  /** First and last row whose centre line the edge crosses. */
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly y: number;
  /** dx/dy. */
  readonly slope: number;
  /** +1 downwards, -1 upwards. */
  readonly turn: number;
}

/** Mask of the rings together by the even-odd rule. Coordinates must be finite. */
export function fillPolygon(rings: readonly Ring[], width: number, height: number): Mask {
  const mask = emptyMask(width, height);
  addPolygon(mask, rings);
  return mask;
}

/**
 * Sets what the rings enclose by the even-odd rule; parts outside of `target` are cut. `crossed` tells that an outline
 * crosses or covers itself (some pixel is wound around twice, or the turning sense changes); holes do not count.
 */
export function addPolygon(target: Mask, rings: readonly Ring[]): { crossed: boolean } {
  const edges = edgesOf(rings, target.height);
  let crossed = false;
  let active: Edge[] = [];
  let next = 0;
  let sense = 0;
  const single = rings.length === 1;
  for (
    let row = edges[0]?.from ?? 0;
    row < target.height && (next < edges.length || active.length > 0);
    row++
  ) {
    active = active.filter((e) => e.to >= row);
    while (next < edges.length && edges[next].from === row) active.push(edges[next++]);
    const centre = row + 0.5;
    const hits = active
      .map((e) => ({ x: e.x + (centre - e.y) * e.slope, turn: e.turn }))
      .sort((a, b) => a.x - b.x);
    let winding = 0;
    for (let i = 0; i + 1 < hits.length; i++) {
      winding += hits[i].turn;
      const [x0, x1] = span(hits[i].x, hits[i + 1].x, target.width);
      if (x1 <= x0) continue;
      if (winding !== 0) {
        if (single && (Math.abs(winding) > 1 || (sense !== 0 && winding !== sense))) crossed = true;
        sense = winding;
      }
      if (i % 2 === 0) target.data.fill(1, row * target.width + x0, row * target.width + x1);
    }
  }
  return { crossed };
}

/** Sets the pixels whose centres are in the box. */
export function addBox(target: Mask, box: { x: number; y: number; width: number; height: number }): void {
  const [x0, x1] = span(box.x, box.x + box.width, target.width);
  const [y0, y1] = span(box.y, box.y + box.height, target.height);
  if (x1 <= x0) return;
  for (let y = y0; y < y1; y++) target.data.fill(1, y * target.width + x0, y * target.width + x1);
}

/** Sets the pixels whose centres are within `radius` of (x, y). */
export function addCircle(target: Mask, circle: { x: number; y: number; radius: number }): void {
  const [y0, y1] = span(circle.y - circle.radius, circle.y + circle.radius, target.height);
  for (let y = y0; y < y1; y++) {
    const half = Math.sqrt(Math.max(0, circle.radius ** 2 - (y + 0.5 - circle.y) ** 2));
    const [x0, x1] = span(circle.x - half, circle.x + half, target.width);
    if (x1 > x0) target.data.fill(1, y * target.width + x0, y * target.width + x1);
  }
}

/** Sets the pixels whose centres are within half a `width` of the line through the points, with round ends. */
export function addLine(target: Mask, points: Ring, width: number): void {
  const half = width / 2;
  for (let i = 0; i < points.length; i += 2) {
    addCircle(target, { x: points[i], y: points[i + 1], radius: half });
    if (i + 3 >= points.length) continue;
    const [ax, ay, bx, by] = [points[i], points[i + 1], points[i + 2], points[i + 3]];
    const length = Math.hypot(bx - ax, by - ay);
    if (length === 0) continue;
    const nx = ((by - ay) / length) * half;
    const ny = ((ax - bx) / length) * half;
    addPolygon(target, [[ax + nx, ay + ny, bx + nx, by + ny, bx - nx, by - ny, ax - nx, ay - ny]]);
  }
}

/** Indices of the cells of 0..size whose centres are in [a, b). */
function span(a: number, b: number, size: number): [number, number] {
  return [Math.max(0, Math.ceil(a - 0.5)), Math.min(size, Math.ceil(b - 0.5))];
}

/** Edges that cross a row's centre line, by first row. An edge owns its upper end, not its lower one. */
function edgesOf(rings: readonly Ring[], height: number): Edge[] {
  const edges: Edge[] = [];
  let crossings = 0;
  for (const ring of rings) {
    const n = ring.length - (ring.length % 2);
    for (let i = 0; i < n; i += 2) {
      const j = (i + 2) % n;
      const down = ring[j + 1] > ring[i + 1];
      const [top, low] = down ? [i, j] : [j, i];
      const [from, end] = span(ring[top + 1], ring[low + 1], height);
      if (end <= from) continue;
      crossings += end - from;
      if (crossings > MOST_CROSSINGS) {
        throw new AppError('bad-mask', 'an outline has too many edges to fill', {
          hint: 'Export the annotation as a mask picture instead.',
        });
      }
      const slope = (ring[low] - ring[top]) / (ring[low + 1] - ring[top + 1]);
      edges.push({ from, to: end - 1, x: ring[top], y: ring[top + 1], slope, turn: down ? 1 : -1 });
    }
  }
  return edges.sort((a, b) => a.from - b.from);
}
