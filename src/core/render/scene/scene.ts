// What the camera looks at before any defect: a surface filling the window, or an object of it on a ground.

import type { Rng } from '../../base/rng.ts';
import { SURFACE_WORDS, SURFACES, type SurfaceWord } from '../surfaces/index.ts';
import { clipPicture, type Field, type Picture } from '../tools/field.ts';
import { composeObject } from './object.ts';

const OBJECT_SHARE = 0.35;
const PLASTIC_GROUND_SHARE = 0.65;

export interface Scene {
  readonly picture: Picture;
  readonly surface: SurfaceWord;
  /** Direction of the light, radians. */
  readonly light: number;
  /** Alpha of the object; null when the surface fills the window. */
  readonly silhouette: Field | null;
  /** What lies behind the object; null when nothing does. */
  readonly ground: Picture | null;
}

/** `surface` fixes the material; otherwise every word is equally likely. */
export function drawScene(rng: Rng, surface: SurfaceWord = rng.pick(SURFACE_WORDS)): Scene {
  const light = rng.uniformIn(0, 2 * Math.PI);
  const picture = SURFACES[surface](rng, light);
  if (!rng.chance(OBJECT_SHARE))
    return { picture: clipPicture(picture), surface, light, silhouette: null, ground: null };
  const below = rng.chance(PLASTIC_GROUND_SHARE) ? 'plastic' : rng.pick(SURFACE_WORDS);
  return { surface, light, ...composeObject(rng, picture, SURFACES[below](rng, light)) };
}
