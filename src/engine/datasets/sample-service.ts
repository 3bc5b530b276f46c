// The demo's product as a folder in MVTec layout, for users who bring no pictures of their own.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { namedRng } from '../../core/base/rng.ts';
import { DEMO_FAMILY, type DemoKind, renderDemoPicture } from '../../core/render/demo-product.ts';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import { encodeMaskPng, encodePng } from '../imaging/index.ts';
import type { SampleService } from '../services.ts';

/** Pictures of one folder of the layout. */
export interface SamplePart {
  readonly split: 'train' | 'test';
  readonly kind: DemoKind;
  readonly count: number;
}

/** Of each defect type 8 pictures are reserved for shots; the rest is held out. */
export const SAMPLE_PARTS: readonly SamplePart[] = [
  { split: 'train', kind: 'good', count: 24 },
  { split: 'test', kind: 'good', count: 6 },
  { split: 'test', kind: 'scratch', count: 14 },
  { split: 'test', kind: 'stain', count: 14 },
];

/** Says which seed the pictures beside it are of. */
const NOTE = 'sample.json';

export const sampleService: SampleService = {
  render: (folder, seed, signal) => renderSample(folder, seed, signal, SAMPLE_PARTS),
};

/** Renders what is not there yet: every file is written whole, so one that exists is finished. */
export async function renderSample(
  folder: string,
  seed: number,
  signal: AbortSignal,
  parts: readonly SamplePart[],
): Promise<string> {
  await makeFolder(folder);
  await claim(folder, seed);
  const product = join(folder, DEMO_FAMILY);
  for (const { split, kind, count } of parts) {
    const pictures = join(product, split, kind);
    const masks = kind === 'good' ? null : join(product, 'ground_truth', kind);
    await makeFolder(pictures);
    if (masks !== null) await makeFolder(masks);
    for (let i = 0; i < count; i++) {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
      const name = String(i).padStart(3, '0');
      const file = join(pictures, `${name}.png`);
      const maskFile = masks === null ? null : join(masks, `${name}_mask.png`);
      if (existsSync(file) && (maskFile === null || existsSync(maskFile))) continue;
      const { raster, mask } = renderDemoPicture(pieceOf(seed, `${split}/${kind}/${name}`), kind);
      if (maskFile !== null && mask !== null) await atomicWrite(maskFile, await encodeMaskPng(mask));
      await atomicWrite(file, await encodePng(raster));
    }
  }
  return product;
}

/** Every picture shows a piece of its own, so that no piece is in two splits. */
function pieceOf(seed: number, name: string): number {
  return namedRng(seed, `sample/${name}`).uint32();
}

/** Pictures of two seeds never lie in one folder. */
async function claim(folder: string, seed: number): Promise<void> {
  const note = join(folder, NOTE);
  const text = `${JSON.stringify({ product: DEMO_FAMILY, seed })}\n`;
  if (!existsSync(note)) await atomicWrite(note, text);
  else if ((await readFile(note, 'utf8')) !== text) {
    throw new AppError('usage', `${folder} holds a sample product of another seed.`, {
      file: folder,
      hint: 'Name an empty folder.',
    });
  }
}
