// Even coloured surfaces: paint and moulded plastic.

import { ANY_HUE, drawHsv } from '../tools/colour.ts';
import { addField, solid } from '../tools/field.ts';
import { powerNoise } from '../tools/noise.ts';
import type { Surface } from './surface.ts';

export const painted: Surface = (rng) => {
  const colour = drawHsv(rng, ANY_HUE, [0.2, 0.95], [0.25, 0.95]);
  const gain = rng.uniformIn(0.005, 0.03);
  return addField(solid(colour), powerNoise(rng, rng.uniformIn(0.3, 2.5)), gain);
};

export const plastic: Surface = (rng) => {
  const colour = drawHsv(rng, ANY_HUE, [0, 0.8], [0.08, 0.95]);
  const gain = rng.uniformIn(0.005, 0.04);
  return addField(solid(colour), powerNoise(rng, rng.uniformIn(2, 3.5)), gain);
};
