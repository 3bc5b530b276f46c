// A roundish alpha shape with a wavy outline: spots, silhouettes, smears, cuts.

import type { Rng } from '../../base/rng.ts';
import { clamp01, type Field, PIXELS, SIDE } from './field.ts';

const DIRECTIONS = 256;
const WAVES = 6;

export interface BlobShape {
  /** Centre, pixels. */
  cx: number;
  cy: number;
  /** Radius of the circle of equal area, pixels. */
  radius: number;
  /** Length over width; drawn out along `angle` (radians). */
  aspect?: number;
  angle?: number;
  /** Waviness of the outline, 0..0.4. */
  rough?: number;
  /** Width of the edge's ramp, pixels. */
  soft?: number;
  /** Order of the norm: 2 ellipse, 6 rounded rectangle. */
  power?: number;
}

/** Relative change of the radius per direction: sum over k = 1..6 of rough / k^.8 * cos(k theta + phase) * U(.3,1). */
function outline(rng: Rng, rough: number): Float64Array {
  const waves = Array.from({ length: WAVES }, (_, i) => ({
    size: (rough / (i + 1) ** 0.8) * rng.uniformIn(0.3, 1),
    phase: rng.uniformIn(0, 2 * Math.PI),
  }));
  // One entry more than directions, so that interpolation needs no wrap.
  return Float64Array.from({ length: DIRECTIONS + 1 }, (_, j) => {
    const theta = (2 * Math.PI * j) / DIRECTIONS;
    return waves.reduce((sum, w, i) => sum + w.size * Math.cos((i + 1) * theta + w.phase), 0);
  });
}

/** alpha = clip((R(1+q) - d)/soft + .5), d = p-norm of the turned, squeezed offset. */
export function blob(rng: Rng, shape: BlobShape): Field {
  const { cx, cy, radius, aspect = 1, angle = 0, rough = 0, soft = 1, power = 2 } = shape;
  const waves = outline(rng, rough);
  const out = new Float32Array(PIXELS);
  const squeeze = Math.sqrt(aspect);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  // The p-norm of order 6 reaches farther than the circle in the corners, by 2^(1/2 - 1/6) at most.
  const reach = (radius * (1 + Math.max(...waves)) + soft) * squeeze * (power > 2 ? 1.27 : 1);
  const x0 = Math.max(0, Math.floor(cx - reach));
  const x1 = Math.min(SIDE - 1, Math.ceil(cx + reach));
  const y0 = Math.max(0, Math.floor(cy - reach));
  const y1 = Math.min(SIDE - 1, Math.ceil(cy + reach));
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const u = ((x - cx) * cos + (y - cy) * sin) / squeeze;
      const v = ((y - cy) * cos - (x - cx) * sin) * squeeze;
      const distance =
        power === 2 ? Math.sqrt(u * u + v * v) : (Math.abs(u) ** power + Math.abs(v) ** power) ** (1 / power);
      if (distance > reach) continue;
      const turn = Math.atan2(v, u) / (2 * Math.PI);
      const at = (turn < 0 ? turn + 1 : turn) * DIRECTIONS;
      const j = Math.min(DIRECTIONS - 1, Math.floor(at));
      const q = waves[j] + (at - j) * (waves[j + 1] - waves[j]);
      out[y * SIDE + x] = clamp01((radius * (1 + q) - distance) / soft + 0.5);
    }
  }
  return out;
}
