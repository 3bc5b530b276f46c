// Mineral surfaces: terrazzo, concrete and granite.

import type { Rng } from '../../base/rng.ts';
import { blurPicture } from '../tools/blur.ts';
import { ANY_HUE, drawHsv, neutral } from '../tools/colour.ts';
import { addField, clamp01, mapField, PIXELS, type Picture, type Rgb, solid } from '../tools/field.ts';
import { bandNoise, powerNoise, whiteNoise } from '../tools/noise.ts';
import { voronoi } from '../tools/voronoi.ts';
import type { Surface } from './surface.ts';

/** A colour off `base` by one grey and three channel offsets. */
function variant(rng: Rng, base: Rgb, grey: number, colour: number): Rgb {
  const common = grey * rng.normal();
  return [
    base[0] + common + colour * rng.normal(),
    base[1] + common + colour * rng.normal(),
    base[2] + common + colour * rng.normal(),
  ];
}

export const terrazzo: Surface = (rng) => {
  const base = drawHsv(rng, ANY_HUE, [0, 0.3], [0.45, 0.9]);
  const cells = voronoi(rng, Math.round(rng.logUniform(30, 400)));
  const chroma = 0.6 * rng.uniformIn(0.04, 0.18);
  const grey = rng.uniformIn(0.02, 0.15);
  const share = rng.uniformIn(0.2, 1);
  const chips = Array.from({ length: cells.count }, () => {
    const chip = variant(rng, base, grey, chroma);
    return rng.chance(share) ? chip : base;
  });
  const picture = solid(base);
  for (let i = 0; i < PIXELS; i++) {
    const inside = clamp01((cells.second[i] - cells.first[i]) / 1.5);
    const chip = chips[cells.index[i]];
    for (let c = 0; c < 3; c++) picture[c * PIXELS + i] += inside * (chip[c] - base[c]);
  }
  return picture;
};

export const concrete: Surface = (rng) => {
  const colour = neutral(rng, 0.35, 0.8);
  const clouds = rng.uniformIn(0.02, 0.07);
  const picture = addField(solid(colour), powerNoise(rng, rng.uniformIn(1.5, 2.6)), clouds);
  const depth = rng.uniformIn(0.05, 0.3);
  const pores = mapField(bandNoise(rng, rng.logUniform(15, 50)), (v) => clamp01(v - 1.8));
  addField(picture, pores, -depth);
  return addField(picture, whiteNoise(rng), rng.uniformIn(0.01, 0.03));
};

export const granite: Surface = (rng) => {
  const base = neutral(rng, 0.3, 0.75);
  const contrast = rng.uniformIn(0.04, 0.2);
  const minerals = [0, 1, 2].map(() => ({
    colour: variant(rng, base, contrast, 0.02),
    field: bandNoise(rng, rng.logUniform(8, 40), 0.5),
  }));
  const picture: Picture = new Float32Array(3 * PIXELS);
  const [m0, m1, m2] = minerals;
  for (let i = 0; i < PIXELS; i++) {
    const top = m0.field[i] > m1.field[i] ? m0 : m1;
    const { colour } = m2.field[i] > top.field[i] ? m2 : top;
    for (let c = 0; c < 3; c++) picture[c * PIXELS + i] = colour[c];
  }
  return blurPicture(picture, 0.6);
};
