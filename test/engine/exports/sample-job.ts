// A small export job with everything in it: real pictures of several kinds, generated ones that keep their promise.

import { dirname, join } from 'node:path';
import { dilate } from '../../../src/core/image/morphology.ts';
import type { Mask, Raster } from '../../../src/core/image/raster.ts';
import type { ExportFormat, ExportJob, GeneratedItem, RealItem } from '../../../src/engine/exports/index.ts';
import { decodePicture, encodeMaskPng, encodePng, sha256Hex } from '../../../src/engine/imaging/index.ts';
import { boxMask, encoded, maskPng, put, testRaster, turnedJpeg } from '../imaging/make-pictures.ts';

export const W = 40;
export const H = 32;
export const DEFECT = boxMask(W, H, 12, 10, 9, 6);

/** Writes the real pictures below `folder`; returns them as an export takes them. */
export async function realItems(folder: string): Promise<RealItem[]> {
  const add = async (
    file: string,
    bytes: Uint8Array,
    type: string,
    split: RealItem['split'],
    mask?: Mask,
  ): Promise<RealItem> => {
    const absPath = await put(folder, file, bytes);
    const maskAbsPath =
      mask === undefined ? null : await put(folder, `masks/${file}.png`, await maskPng(mask));
    return { file, absPath, maskAbsPath, type, split, sha256: sha256Hex(bytes) };
  };
  return [
    await add('train/good/000.png', await encoded(testRaster(W, H, 3, false, 1)), 'good', 'train'),
    await add('train/good/001.tif', await encoded(testRaster(W, H, 1, true, 2), 'tiff'), 'good', 'train'),
    await add('test/good/000.jpg', await encoded(testRaster(W, H, 3, false, 3), 'jpeg'), 'good', 'test'),
    await add(
      'test/Kratzer Ö/a.png',
      await encoded(testRaster(W, H, 3, false, 4)),
      'Kratzer Ö',
      'test',
      DEFECT,
    ),
    await add(
      'test/hole/turned.jpg',
      await turnedJpeg(testRaster(H, W, 3, false, 5), 6),
      'hole',
      null,
      DEFECT,
    ),
    await add(
      'test/hole/jpeg named.png',
      await encoded(testRaster(W, H, 3, false, 6), 'jpeg'),
      'hole',
      'validation',
      DEFECT,
    ),
  ];
}

/** The source with other values inside the mask grown by `reach`. */
export function painted(source: Raster, mask: Mask, reach = 3): Raster {
  const region = dilate(mask, reach).data;
  const data = source.data.slice();
  for (let i = 0; i < data.length; i++) if (region[Math.floor(i / source.channels)] !== 0) data[i] ^= 0x33;
  return { ...source, data };
}

/** A generated picture painted into a real one. */
export async function generatedItem(
  id: string,
  type: string,
  real: RealItem,
  reach = 3,
): Promise<GeneratedItem> {
  const source = await decodePicture(real.absPath);
  return {
    id,
    type,
    imagePng: await encodePng(painted(source.raster, DEFECT, reach), { icc: source.icc }),
    maskPng: await encodeMaskPng(DEFECT),
    source: { file: real.file, sha256: real.sha256 },
    generator: 'windows',
    seed: 7,
    recipe: { window: [0, 0, 32], steps: 25 },
    outside: { changed: 0, grownBy: 4 },
    agreement: { changedInMask: 0.9, contrast: 1.1 },
  };
}

/** The whole job; `out` is a new folder beside the real pictures. */
export async function sampleJob(folder: string, format: ExportFormat): Promise<ExportJob> {
  const real = await realItems(join(folder, 'source'));
  const { imagePng } = await generatedItem('01N', 'hole', real[0]);
  const bare = { source: null, seed: 9, recipe: {}, outside: null, agreement: null };
  const generated: GeneratedItem[] = [
    await generatedItem('01B', 'hole', real[0]),
    await generatedItem('01A', 'Kratzer Ö', real[1]),
    await generatedItem('01C', 'hole', real[2]),
    {
      ...bare,
      id: '01S',
      type: 'hole',
      imagePng,
      maskPng: await encodeMaskPng(DEFECT),
      generator: 'seas',
      reference: { file: real[0].file, sha256: real[0].sha256 },
    },
    { ...bare, id: '01N', type: 'good', imagePng, maskPng: null, generator: 'normal' },
  ];
  return { out: join(folder, 'export'), format, product: 'nut: M8', generated, real };
}

/** Where the real pictures of a job lie. */
export function sourceFolder(job: ExportJob): string {
  return join(dirname(job.out), 'source');
}
