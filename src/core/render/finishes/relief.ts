// Finishes with height: relief (dent or bump), hole and gloss (wet paint).

import { gauss } from '../tools/blur.ts';
import { addField, mapField, mixColour, mixPicture, weightedSum } from '../tools/field.ts';
import { powerNoise } from '../tools/noise.ts';
import { shade } from '../tools/shade.ts';
import { type Finish, mottled } from './finish.ts';

export const relief: Finish = {
  apply(rng, { picture, alpha, colour, light }) {
    const height = gauss(alpha, rng.uniformIn(0.8, 3));
    const gain = rng.uniformIn(1.5, 4) * (rng.chance(0.5) ? 1 : -1);
    const tinted = mixColour(picture.slice(), alpha, colour, 0.2);
    return addField(tinted, shade(height, light, gain), 1);
  },
};

/** Objects are mostly holed through: the ground shows. */
const THROUGH_SHARE = 0.8;

export const hole: Finish = {
  tones: ['black', 'dark', 'grey'],
  apply(rng, { picture, alpha, colour, light, ground }) {
    const noise = powerNoise(rng, rng.uniformIn(1, 3));
    const through = ground !== null && rng.chance(THROUGH_SHARE);
    const inside = through ? ground.slice() : mottled(colour, (i, c) => 0.15 * colour[c] * noise[i]);
    const dim = rng.uniformIn(0.6, 1);
    for (let i = 0; i < inside.length; i++) inside[i] *= dim;
    const out = mixPicture(picture.slice(), alpha, inside);
    return addField(out, shade(gauss(alpha, 1.3), light, rng.uniformIn(0.6, 2)), 1);
  },
};

export const gloss: Finish = {
  apply(rng, { picture, alpha, colour, light }) {
    const noise = powerNoise(rng, rng.uniformIn(1, 3));
    const strength = rng.uniformIn(0.75, 1);
    const paint = mottled(colour, (i, c) => 0.2 * colour[c] * noise[i]);
    const cover = mapField(alpha, (a) => strength * a);
    const out = mixPicture(picture.slice(), cover, paint);
    const ripples = noise.map((n, i) => n * alpha[i]);
    const height = weightedSum([1, gauss(alpha, 1.5)], [0.15, ripples]);
    const shine = mapField(shade(height, light, rng.uniformIn(1.5, 4)), (v) => Math.max(v, -0.25));
    return addField(out, shine, 0.9);
  },
};
