// A small product of two defect types for tests that need real pixels: grey plates with dark scratches and bright dents.

import { join } from 'node:path';
import { namedRng } from '../../../src/core/base/rng.ts';
import type { Mask, Raster } from '../../../src/core/image/raster.ts';
import { encodeMaskPng, encodePng } from '../../../src/engine/imaging/index.ts';
import { put } from '../imaging/make-pictures.ts';

export const PLATE = { width: 192, height: 144 };
const TYPES = ['dent', 'scratch'] as const;

/** Writes an MVTec folder named `plate`; returns it. */
export async function writePlate(folder: string, { good = 6, each = 4 } = {}): Promise<string> {
  const root = join(folder, 'plate');
  for (let i = 0; i < good; i++) {
    await put(root, `train/good/${String(i).padStart(3, '0')}.png`, await encodePng(plate(`good ${i}`)));
  }
  for (const type of TYPES) {
    for (let i = 0; i < each; i++) {
      const name = String(i).padStart(3, '0');
      const mask = mark(type, i);
      await put(root, `test/${type}/${name}.png`, await encodePng(marked(plate(`${type} ${i}`), mask, type)));
      await put(root, `ground_truth/${type}/${name}_mask.png`, await encodeMaskPng(mask));
    }
  }
  return root;
}

/** Brushed metal: a slow gradient, lines along x, and noise. */
function plate(name: string): Raster {
  const { width, height } = PLATE;
  const rng = namedRng(3, name);
  const data = new Uint8Array(width * height * 3);
  const rows = Array.from({ length: height }, () => 6 * rng.normal());
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const v = 128 + 24 * Math.sin(x / 70) + rows[y] + 3 * rng.normal();
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, v + 4 * (c - 1)));
    }
  }
  return { width, height, channels: 3, data };
}

function mark(type: (typeof TYPES)[number], i: number): Mask {
  const { width, height } = PLATE;
  const rng = namedRng(4, `${type} ${i}`);
  const cx = rng.uniformIn(50, width - 50);
  const cy = rng.uniformIn(40, height - 40);
  const angle = rng.uniformIn(0, Math.PI);
  const [long, short] = type === 'scratch' ? [28, 2.2] : [9, 7];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x - cx) * Math.cos(angle) + (y - cy) * Math.sin(angle);
      const v = (y - cy) * Math.cos(angle) - (x - cx) * Math.sin(angle);
      if ((u / long) ** 2 + (v / short) ** 2 <= 1) data[y * width + x] = 1;
    }
  }
  return { width, height, data };
}

function marked(good: Raster, mask: Mask, type: (typeof TYPES)[number]): Raster {
  const data = good.data.slice();
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    for (let c = 0; c < 3; c++) {
      const v = data[i * 3 + c] + (type === 'scratch' ? -70 : 60);
      data[i * 3 + c] = Math.max(0, Math.min(255, v));
    }
  }
  return { ...good, data };
}
