// Metal surfaces: brushed, cast and machined.

import type { Rng } from '../../base/rng.ts';
import { neutral } from '../tools/colour.ts';
import { addField, type Field, makeField, normalise, SIDE, solid, weightedSum } from '../tools/field.ts';
import { powerNoise } from '../tools/noise.ts';
import { shade } from '../tools/shade.ts';
import type { Surface } from './surface.ts';

export const brushed: Surface = (rng) => {
  const colour = neutral(rng, 0.35, 0.8);
  const gain = rng.uniformIn(0.03, 0.1);
  const beta = rng.logUniform(0.4, 1.5);
  const stretch = rng.logUniform(0.02, 0.12);
  const streaks = powerNoise(rng, beta, stretch, rng.uniformIn(0, Math.PI));
  return addField(solid(colour), streaks, gain);
};

export const cast: Surface = (rng, light) => {
  const colour = neutral(rng, 0.25, 0.65);
  const gain = rng.uniformIn(0.03, 0.1);
  const relief = normalise(shade(powerNoise(rng, rng.uniformIn(1.2, 2.2)), light));
  return addField(solid(colour), weightedSum([gain, relief], [0.03, powerNoise(rng, 3)]), 1);
};

/** Turning marks: rings of one pitch about a centre that may lie outside, each with its own brightness. */
function rings(rng: Rng): Field {
  const cx = rng.uniformIn(-150, 280);
  const cy = rng.uniformIn(-150, 280);
  const pitch = rng.logUniform(2, 10);
  const wobble = powerNoise(rng, 3);
  const perRadius = rng.fillNormal(new Float32Array(512));
  return makeField((x, y) => {
    const d = Math.sqrt((x - cx) ** 2 + (y - cy) ** 2);
    const whole = Math.floor(d);
    const step = perRadius[whole] + (d - whole) * (perRadius[whole + 1] - perRadius[whole]);
    return Math.sin((2 * Math.PI * d) / pitch + 0.4 * wobble[y * SIDE + x]) + 0.6 * step;
  });
}

export const machined: Surface = (rng) => {
  const colour = neutral(rng, 0.35, 0.75);
  const gain = rng.uniformIn(0.02, 0.08);
  return addField(solid(colour), weightedSum([gain, rings(rng)], [0.02, powerNoise(rng, 0.5)]), 1);
};
