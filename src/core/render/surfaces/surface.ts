// What a surface is: a drawing of one material over the whole window.

import type { Rng } from '../../base/rng.ts';
import type { Picture } from '../tools/field.ts';

/**
 * Draws a fresh picture [3,128,128]; values may leave 0..1, the scene clips them.
 * `light` is the direction of the light in radians, for materials with relief.
 */
export type Surface = (rng: Rng, light: number) => Picture;
