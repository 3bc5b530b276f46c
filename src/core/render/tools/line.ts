// Polylines of varying width as alpha fields, and the random walks they follow.

import type { Rng } from '../../base/rng.ts';
import { clamp01, type Field, PIXELS, SIDE } from './field.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** In place: out = max(out, one tapering segment from a (width wa) to b (width wb)). */
function drawSegment(out: Field, a: Point, b: Point, wa: number, wb: number, soft: number): void {
  const reach = Math.max(wa, wb) / 2 + soft;
  const x0 = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
  const x1 = Math.min(SIDE - 1, Math.ceil(Math.max(a.x, b.x) + reach));
  const y0 = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
  const y1 = Math.min(SIDE - 1, Math.ceil(Math.max(a.y, b.y) + reach));
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy + 1e-9;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const t = clamp01(((x - a.x) * dx + (y - a.y) * dy) / square);
      const ex = x - a.x - t * dx;
      const ey = y - a.y - t * dy;
      const inside = (wa + (wb - wa) * t) / 2 - Math.sqrt(ex * ex + ey * ey);
      const alpha = clamp01(inside / soft + 0.5);
      const i = y * SIDE + x;
      if (alpha > out[i]) out[i] = alpha;
    }
  }
}

/** In place: adds the polyline to an alpha field; widths in pixels, one per point; soft is the edge's ramp. */
export function drawLine(out: Field, points: readonly Point[], widths: readonly number[], soft = 0.7): Field {
  for (let i = 0; i + 1 < points.length; i++)
    drawSegment(out, points[i], points[i + 1], widths[i], widths[i + 1], soft);
  return out;
}

export function line(points: readonly Point[], widths: readonly number[], soft = 0.7): Field {
  return drawLine(new Float32Array(PIXELS), points, widths, soft);
}

export interface Walk {
  readonly points: Point[];
  /** Heading on leaving each point, radians. */
  readonly headings: number[];
}

/** steps + 1 points; before every step of `step` pixels the heading changes by normal(0, jag) + curl. */
export function walk(
  rng: Rng,
  from: Point,
  heading: number,
  steps: number,
  step: number,
  jag: number,
  curl: number,
): Walk {
  const points: Point[] = [from];
  const headings = [heading];
  let { x, y } = from;
  let towards = heading;
  for (let i = 0; i < steps; i++) {
    towards += jag * rng.normal() + curl;
    x += step * Math.cos(towards);
    y += step * Math.sin(towards);
    points.push({ x, y });
    headings.push(towards);
  }
  return { points, headings };
}

/** Widths that swell in the middle: w * (.3 + .7 sin(0..pi)). */
export function tapered(width: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => width * (0.3 + 0.7 * Math.sin((Math.PI * i) / (count - 1))));
}
