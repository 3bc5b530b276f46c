// DRAEM's made-up anomaly (Zavrtanik et al. 2021): a foreign texture in the shape of thresholded Perlin noise. The
// textures are the renderer's surfaces.

import { namedRng, type Rng } from '../../base/rng.ts';
import { SURFACE_WORDS, SURFACES, type SurfaceWord } from '../../render/surfaces/index.ts';
import { turnIndices } from '../windows/window-augment.ts';
import { perlinNoise } from './perlin.ts';

/** Side of the renderer's pictures. */
const TEXTURE = 128;
/** Cells of the noise per side are 2^0..2^5, each axis on its own. */
const OCTAVES = 6;
const THRESHOLD = 0.5;
/** Share of the good picture that shines through. */
const MOST_OPAQUE = 0.8;
const TRIES = 20;

export interface ForeignDefect {
  /** [3,S,S], 0..1. */
  readonly image: Float32Array;
  /** [S,S] */
  readonly mask: Uint8Array;
}

/** Pictures of each surface. Rendering one takes longer than training on it. */
const VARIANTS = 6;
const drawn = new Map<string, Float32Array>();

/** [3,128,128], the same for a name and number whatever was drawn before. */
function surface(word: SurfaceWord, variant: number): Float32Array {
  const key = `${word} ${variant}`;
  let picture = drawn.get(key);
  if (picture === undefined) {
    const rng = namedRng(variant, `foreign texture/${word}`);
    picture = SURFACES[word](rng, rng.fork('light').uniformIn(0, 2 * Math.PI));
    drawn.set(key, picture);
  }
  return picture;
}

/** Some surface, turned, with its channels exchanged and its brightness changed. [3,128,128] 0..1 */
function foreignTexture(rng: Rng): Float32Array {
  const picture = surface(rng.pick(SURFACE_WORDS), rng.int(VARIANTS));
  const area = TEXTURE * TEXTURE;
  const from = turnIndices(TEXTURE, rng.int(8));
  const channels = rng.permutation(3);
  const [gain, offset] = [rng.uniformIn(0.6, 1.4), rng.uniformIn(-0.2, 0.2)];
  const invert = rng.chance(0.2);
  const out = new Float32Array(3 * area);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < area; i++) {
      const value = picture[channels[c] * area + from[i]];
      out[c * area + i] = Math.min(1, Math.max(0, (invert ? 1 - value : value) * gain + offset));
    }
  }
  return out;
}

function shape(side: number, rng: Rng): Uint8Array {
  for (let t = 0; t < TRIES; t++) {
    const noise = perlinNoise(side, 2 ** rng.int(OCTAVES), 2 ** rng.int(OCTAVES), rng);
    const mask = Uint8Array.from(noise, (v) => (v > THRESHOLD ? 1 : 0));
    if (mask.includes(1)) return mask;
  }
  return new Uint8Array(side * side).fill(1);
}

/** @param good [3,S,S] 0..1, not changed */
export function foreignDefect(good: Float32Array, side: number, rng: Rng): ForeignDefect {
  const mask = shape(side, rng.fork('shape'));
  const texture = foreignTexture(rng.fork('texture'));
  const through = rng.uniform() * MOST_OPAQUE;
  const image = good.slice();
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const at = (Math.floor(i / side) % TEXTURE) * TEXTURE + ((i % side) % TEXTURE);
    for (let c = 0; c < 3; c++) {
      const k = c * mask.length + i;
      image[k] = (1 - through) * texture[c * TEXTURE * TEXTURE + at] + through * good[k];
    }
  }
  return { image, mask };
}
