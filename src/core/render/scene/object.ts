// An object: a surface cut to a silhouette, rounded by light, on a ground that takes its shadow.

import type { Rng } from '../../base/rng.ts';
import { blob } from '../tools/blob.ts';
import { gauss } from '../tools/blur.ts';
import {
  addField,
  clipPicture,
  type Field,
  makeField,
  mixPicture,
  PIXELS,
  type Picture,
  SIDE,
} from '../tools/field.ts';

/** In place: one factor per pixel on all channels. */
function multiply(picture: Picture, factor: Field): Picture {
  for (let c = 0; c < 3; c++) for (let i = 0; i < PIXELS; i++) picture[c * PIXELS + i] *= factor[i];
  return picture;
}

/** In place: darker towards the rim, and half of the time a highlight. */
function round(rng: Rng, picture: Picture, cx: number, cy: number, radius: number): void {
  const fall = rng.uniformIn(0, 0.5) / (radius * radius);
  const light = makeField((x, y) => {
    const square = (x - cx) ** 2 + (y - cy) ** 2;
    return Math.min(1.2, Math.max(0.2, 1.1 - fall * square));
  });
  multiply(picture, light);
  if (!rng.chance(0.5)) return;
  const gain = rng.uniformIn(0, 0.35);
  const sigma = radius * rng.uniformIn(0.1, 0.35);
  const hx = cx + radius * rng.uniformIn(-0.5, 0.5);
  const hy = cy + radius * rng.uniformIn(-0.5, 0.5);
  const glow = makeField((x, y) => Math.exp(-((x - hx) ** 2 + (y - hy) ** 2) / (2 * sigma * sigma)));
  addField(picture, glow, gain);
}

/** In place: the silhouette, blurred and moved by up to 8 px, darkens the ground. */
function castShadow(rng: Rng, ground: Picture, silhouette: Field): void {
  const depth = rng.uniformIn(0, 0.6);
  const soft = gauss(silhouette, rng.uniformIn(3, 8));
  const dx = rng.int(17) - 8;
  const dy = rng.int(17) - 8;
  const inside = (t: number) => Math.min(SIDE - 1, Math.max(0, t));
  multiply(
    ground,
    makeField((x, y) => 1 - depth * soft[inside(y - dy) * SIDE + inside(x - dx)]),
  );
}

/** Takes over both pictures; both results are clipped to 0..1. */
export function composeObject(
  rng: Rng,
  object: Picture,
  ground: Picture,
): { picture: Picture; silhouette: Field; ground: Picture } {
  const radius = rng.uniformIn(30, 80);
  const cx = 64 + 25 * rng.normal();
  const cy = 64 + 25 * rng.normal();
  const silhouette = blob(rng, {
    cx,
    cy,
    radius,
    aspect: rng.uniformIn(1, 1.8),
    angle: rng.uniformIn(0, Math.PI),
    rough: rng.uniformIn(0.02, 0.2),
    soft: 1.2,
    power: rng.chance(0.7) ? 2 : 6,
  });
  round(rng, object, cx, cy, radius);
  castShadow(rng, ground, silhouette);
  clipPicture(object);
  clipPicture(ground);
  return { picture: mixPicture(ground.slice(), silhouette, object), silhouette, ground };
}
