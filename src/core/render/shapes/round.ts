// Compact shapes: spot, specks, patch, ring, smear and cut.

import { blob } from '../tools/blob.ts';
import { clamp01, type Field, makeField, PIXELS, SIDE } from '../tools/field.ts';
import { powerNoise } from '../tools/noise.ts';
import { type Shape, unite } from './shape.ts';

export const spot: Shape = (rng, cx, cy) =>
  blob(rng, {
    cx,
    cy,
    radius: rng.logUniform(2.5, 20),
    aspect: rng.logUniform(1, 2.5),
    angle: rng.uniformIn(0, Math.PI),
    rough: rng.uniformIn(0.05, 0.35),
    soft: rng.uniformIn(0.8, 2),
  });

export const specks: Shape = (rng, cx, cy) => {
  const all: Field = new Float32Array(PIXELS);
  for (let n = 2 + rng.int(7); n > 0; n--) {
    const one = blob(rng, {
      cx: cx + 20 * rng.normal(),
      cy: cy + 20 * rng.normal(),
      radius: rng.logUniform(1.2, 6),
      aspect: rng.logUniform(1, 4),
      angle: rng.uniformIn(0, Math.PI),
      rough: rng.uniformIn(0.05, 0.35),
    });
    unite(all, one);
  }
  return all;
};

/** Beyond this part of its bump (2.8 sigma) a patch has no outlying flecks. */
const PATCH_END = 0.02;

export const patch: Shape = (rng, cx, cy) => {
  const sigma = 0.7 * rng.logUniform(9, 38);
  const noise = powerNoise(rng, rng.uniformIn(1.8, 3));
  return makeField((x, y) => {
    const bump = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * sigma * sigma));
    if (bump < PATCH_END) return 0;
    return clamp01(6 * (1.6 * bump - 0.8 + 0.35 * noise[y * SIDE + x]));
  });
};

export const ring: Shape = (rng, cx, cy) => {
  const radius = rng.logUniform(6, 28);
  const width = rng.logUniform(1.2, 5);
  const squeeze = Math.sqrt(rng.uniformIn(1, 1.6));
  const angle = rng.uniformIn(0, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return makeField((x, y) => {
    const u = ((x - cx) * cos + (y - cy) * sin) / squeeze;
    const v = ((y - cy) * cos - (x - cx) * sin) * squeeze;
    return clamp01(width - Math.abs(Math.sqrt(u * u + v * v) - radius) + 0.5);
  });
};

export const smear: Shape = (rng, cx, cy) => {
  const angle = rng.uniformIn(0, Math.PI);
  const body = blob(rng, {
    cx,
    cy,
    radius: rng.logUniform(8, 24),
    aspect: rng.logUniform(2, 6),
    angle,
    rough: rng.uniformIn(0.05, 0.3),
    soft: 3,
  });
  const streaks = powerNoise(rng, 1.2, 0.08, angle);
  for (let i = 0; i < PIXELS; i++) body[i] *= clamp01(0.6 + 0.5 * streaks[i]);
  return body;
};

export const cut: Shape = (rng, cx, cy) =>
  blob(rng, {
    cx,
    cy,
    radius: rng.logUniform(6, 20),
    aspect: rng.logUniform(5, 12),
    angle: rng.uniformIn(0, Math.PI),
    rough: 0.08,
    soft: 1,
  });
