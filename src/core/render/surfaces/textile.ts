// Soft surfaces: leather, woven fabric and felt.

import type { Rng } from '../../base/rng.ts';
import { gauss } from '../tools/blur.ts';
import { ANY_HUE, drawHsv } from '../tools/colour.ts';
import {
  addField,
  clamp01,
  type Field,
  makeField,
  mapField,
  type Rgb,
  SIDE,
  solid,
  weightedSum,
} from '../tools/field.ts';
import { powerNoise } from '../tools/noise.ts';
import { shade } from '../tools/shade.ts';
import { voronoi } from '../tools/voronoi.ts';
import type { Surface } from './surface.ts';

/** Rounded grains between creases, about 0..1. */
function grain(rng: Rng): Field {
  const { first, second } = voronoi(rng, Math.round(rng.logUniform(150, 1500)));
  const crease = rng.uniformIn(1.5, 4);
  const flat = weightedSum([1 / crease, second], [-1 / crease, first]);
  return weightedSum([1, gauss(mapField(flat, clamp01), 0.7)], [0.075, powerNoise(rng, 1.5)]);
}

export const leather: Surface = (rng, light) => {
  const hue = rng.chance(0.6) ? ([0, 0.12] as const) : ANY_HUE;
  const colour = drawHsv(rng, hue, [0.1, 0.7], [0.15, 0.7]);
  const gain = rng.uniformIn(0.08, 0.25);
  const height = grain(rng);
  const lit = weightedSum([1.2, shade(height, light)], [0.5, height]);
  return addField(
    solid(colour),
    mapField(lit, (v) => v - 0.4),
    gain,
  );
};

/** Two crossing systems of threads, plain or twill, on slightly disturbed coordinates. */
function weave(rng: Rng): Field {
  const angle = rng.uniformIn(0, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const turn = (2 * Math.PI) / rng.logUniform(4, 14);
  const twill = rng.chance(0.5);
  const shiftX = powerNoise(rng, 2.5);
  const shiftY = powerNoise(rng, 2.5);
  const fluff = powerNoise(rng, 0.6);
  return makeField((x, y) => {
    const i = y * SIDE + x;
    const u = turn * (x * cos + y * sin + 0.6 * shiftX[i]);
    const v = turn * (y * cos - x * sin + 0.6 * shiftY[i]);
    const s1 = Math.sin(u);
    const s2 = Math.sin(v);
    const threads = twill ? 0.7 * Math.sin(u + v / 2) + 0.3 * s2 : s1 * s2;
    return threads + 0.5 * Math.abs(s1) + 0.4 * fluff[i];
  });
}

export const fabric: Surface = (rng) => {
  const colour = drawHsv(rng, ANY_HUE, [0, 0.6], [0.2, 0.85]);
  const gain = rng.uniformIn(0.04, 0.14);
  return addField(solid(colour), weave(rng), gain);
};

export const felt: Surface = (rng) => {
  const colour = drawHsv(rng, ANY_HUE, [0, 0.5], [0.2, 0.85]);
  const gain = rng.uniformIn(0.02, 0.1);
  const fibres = powerNoise(rng, rng.uniformIn(0.6, 2.2), rng.logUniform(0.5, 1), rng.uniformIn(0, Math.PI));
  const chroma = rng.uniformIn(0, 0.04);
  const tint: Rgb = [rng.normal(), rng.normal(), rng.normal()];
  const picture = addField(solid(colour), fibres, gain);
  return addField(picture, powerNoise(rng, rng.uniformIn(0.6, 2.2)), chroma, tint);
};
