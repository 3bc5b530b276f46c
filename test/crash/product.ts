// A product of a few small pictures in MVTec layout: a grainy plate, good or with a dark spot whose mask is known.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { namedRng } from '../../src/core/base/rng.ts';
import type { Mask, Raster } from '../../src/core/image/raster.ts';
import { encodeMaskPng, encodePng } from '../../src/engine/imaging/index.ts';

const SIDE = 160;
const GOOD = 4;
const SPOTS = 3;

/** Writes the product's folder; every call writes the same bytes. */
export async function writePlate(folder: string): Promise<string> {
  for (let i = 0; i < GOOD; i++) await put(folder, `train/good/${i}.png`, encodePng(plate(i, null)));
  for (let i = 0; i < SPOTS; i++) {
    const mask = spot(i);
    await put(folder, `test/spot/${i}.png`, encodePng(plate(100 + i, mask)));
    await put(folder, `ground_truth/spot/${i}_mask.png`, encodeMaskPng(mask));
  }
  return folder;
}

async function put(folder: string, file: string, bytes: Promise<Uint8Array>): Promise<void> {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await bytes);
}

function plate(seed: number, mask: Mask | null): Raster {
  const rng = namedRng(seed, 'plate');
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const level =
      (mask?.data[i] ? 60 : 150) + Math.round(12 * Math.sin((i % SIDE) / 5) + rng.uniformIn(-9, 9));
    data.fill(level, 3 * i, 3 * i + 3);
  }
  return { width: SIDE, height: SIDE, channels: 3, data };
}

function spot(seed: number): Mask {
  const rng = namedRng(seed, 'spot');
  const [x, y, rx, ry] = [
    rng.uniformIn(45, 115),
    rng.uniformIn(45, 115),
    rng.uniformIn(10, 16),
    rng.uniformIn(10, 16),
  ];
  const data = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < data.length; i++) {
    const [dx, dy] = [(i % SIDE) - x, Math.floor(i / SIDE) - y];
    data[i] = (dx / rx) ** 2 + (dy / ry) ** 2 <= 1 ? 1 : 0;
  }
  return { width: SIDE, height: SIDE, data };
}
