// Grown and loose surfaces: wood, granular matter (baked, pressed, sintered) and paper.

import { ANY_HUE, drawHsv, type Range } from '../tools/colour.ts';
import {
  addField,
  clamp01,
  makeField,
  mapField,
  mixColour,
  normalise,
  SIDE,
  solid,
  weightedSum,
} from '../tools/field.ts';
import { bandNoise, powerNoise } from '../tools/noise.ts';
import { shade } from '../tools/shade.ts';
import type { Surface } from './surface.ts';

export const wood: Surface = (rng) => {
  const colour = drawHsv(rng, [0.05, 0.11], [0.3, 0.7], [0.4, 0.85]);
  const angle = rng.uniformIn(0, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const pitch = rng.logUniform(4, 16);
  const waviness = rng.uniformIn(0.3, 1.5);
  const bend = powerNoise(rng, 3.2, 0.15, angle);
  const years = makeField((x, y) =>
    Math.sin(2 * ((y * cos - x * sin) / pitch + waviness * bend[y * SIDE + x])),
  );
  const fibres = powerNoise(rng, 1, 0.03, angle);
  const figure = weightedSum([rng.uniformIn(0.3, 1), years], [rng.uniformIn(0.2, 0.8), fibres]);
  return addField(solid(colour), figure, rng.uniformIn(0.03, 0.1), [1, 0.85, 0.6]);
};

export const granular: Surface = (rng, light) => {
  const hue: Range = rng.chance(0.65) ? [0.03, 0.14] : ANY_HUE;
  const colour = drawHsv(rng, hue, [0.15, 0.65], [0.25, 0.8]);
  const coarse = bandNoise(rng, rng.logUniform(4, 18), 0.6);
  const fine = bandNoise(rng, rng.logUniform(16, 50), 0.5);
  const height = weightedSum([1, coarse], [0.5, fine], [0.6, powerNoise(rng, 2.4)]);
  const picture = addField(solid(colour), normalise(shade(height, light)), rng.uniformIn(0.03, 0.12));
  addField(picture, height, rng.uniformIn(0, 0.07), [1, 0.9, 0.7]);
  if (!rng.chance(0.4)) return picture;
  const threshold = rng.uniformIn(1.3, 2.2);
  const inclusions = mapField(bandNoise(rng, rng.logUniform(4, 9), 0.3), (v) => clamp01(6 * (v - threshold)));
  // Darkened to a share of itself: the same as mixing towards black.
  return mixColour(picture, inclusions, [0, 0, 0], 1 - rng.uniformIn(0.15, 0.6));
};

export const paper: Surface = (rng) => {
  const hue: Range = rng.chance(0.7) ? [0.05, 0.25] : ANY_HUE;
  const colour = drawHsv(rng, hue, [0, 0.3], [0.5, 0.97]);
  const fibres = rng.uniformIn(0.005, 0.06);
  const picture = addField(solid(colour), bandNoise(rng, rng.logUniform(8, 40), 0.8), fibres);
  return addField(picture, powerNoise(rng, 2.5), rng.uniformIn(0, 0.02));
};
