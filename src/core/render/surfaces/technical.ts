// Made patterns: circuit board and perforated grid.

import type { Rng } from '../../base/rng.ts';
import { blurPicture } from '../tools/blur.ts';
import { drawHsv, neutral } from '../tools/colour.ts';
import { clamp01, makeField, mixColour, type Picture, type Rgb, SIDE, solid } from '../tools/field.ts';
import type { Surface } from './surface.ts';

/** One straight track on the pitch, along a row or a column, with crisp ends. */
function drawTrack(rng: Rng, picture: Picture, pitch: number, colour: Rgb): void {
  const lane = pitch * rng.int(Math.ceil(SIDE / pitch));
  const half = rng.uniformIn(2, Math.max(2.5, pitch / 2)) / 2;
  const start = rng.uniformIn(-40, SIDE - 20);
  const end = start + rng.uniformIn(20, 120);
  const column = rng.chance(0.5);
  const alpha = makeField((x, y) => {
    const across = Math.abs((column ? x : y) - lane) - half;
    const along = column ? y : x;
    return clamp01(0.5 - across) * clamp01(0.5 + along - start) * clamp01(0.5 + end - along);
  });
  mixColour(picture, alpha, colour);
}

/** A round pad with a dark bore. */
function drawPad(rng: Rng, picture: Picture, colour: Rgb): void {
  const cx = rng.uniformIn(0, SIDE);
  const cy = rng.uniformIn(0, SIDE);
  const radius = rng.uniformIn(3, 9);
  const disc = (r: number) =>
    makeField((x, y) => clamp01(r - Math.sqrt((x - cx) ** 2 + (y - cy) ** 2) + 0.5));
  mixColour(picture, disc(radius), colour);
  mixColour(picture, disc(0.45 * radius), [0.05, 0.05, 0.05]);
}

export const board: Surface = (rng) => {
  const picture = solid(drawHsv(rng, [0.25, 0.68], [0.3, 0.9], [0.15, 0.5]));
  const track = drawHsv(rng, [0.25, 0.68], [0.2, 0.7], [0.3, 0.75]);
  const pad = drawHsv(rng, [-0.05, 0.16], [0, 0.5], [0.5, 0.95]);
  const pitch = rng.uniformIn(8, 24);
  for (let n = 3 + rng.int(6); n > 0; n--) drawTrack(rng, picture, pitch, track);
  for (let n = rng.int(8); n > 0; n--) drawPad(rng, picture, pad);
  return blurPicture(picture, 0.7);
};

export const grid: Surface = (rng) => {
  const sheet = neutral(rng, 0.4, 0.9);
  const hole = neutral(rng, 0.03, 0.4);
  const pitch = rng.logUniform(8, 32);
  const half = pitch * rng.uniformIn(0.25, 0.42);
  const round = rng.chance(0.5);
  const angle = rng.chance(0.5) ? rng.uniformIn(0, Math.PI / 2) : 0;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const px = rng.uniformIn(0, pitch);
  const py = rng.uniformIn(0, pitch);
  /** Offset to the nearest hole's centre along one axis. */
  const offset = (t: number) => Math.abs(t - pitch * Math.round(t / pitch));
  const holes = makeField((x, y) => {
    const u = offset(x * cos + y * sin + px);
    const v = offset(y * cos - x * sin + py);
    return clamp01(half - (round ? Math.sqrt(u * u + v * v) : Math.max(u, v)) + 0.5);
  });
  return mixColour(solid(sheet), holes, hole);
};
