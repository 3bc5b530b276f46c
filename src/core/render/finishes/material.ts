// The finish that brings another material: texture.

import { SURFACE_WORDS, SURFACES } from '../surfaces/index.ts';
import { meanColour, mixPicture, PIXELS } from '../tools/field.ts';
import type { Finish } from './finish.ts';

export const texture: Finish = {
  apply(rng, { picture, alpha, colour, light }) {
    const other = SURFACES[rng.pick(SURFACE_WORDS)](rng, light);
    const mean = meanColour(other);
    for (let c = 0; c < 3; c++) for (let i = 0; i < PIXELS; i++) other[c * PIXELS + i] += colour[c] - mean[c];
    return mixPicture(picture.slice(), alpha, other);
  },
};
