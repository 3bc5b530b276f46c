// Pictures as services get them from the store, made of files in a test's folder.

import type { Mask, Raster } from '../../../src/core/image/raster.ts';
import { maskArea } from '../../../src/core/image/raster.ts';
import { encodeMaskPng, encodePng, sha256Hex } from '../../../src/engine/imaging/index.ts';
import type { DatasetPicture, StoredPicture } from '../../../src/engine/services.ts';
import { put } from '../imaging/make-pictures.ts';

/** Writes a picture (and its mask) below `folder`; it is described as the store would. */
export async function realPicture(
  folder: string,
  file: string,
  raster: Raster,
  type: string | null,
  mask: Mask | null,
): Promise<DatasetPicture> {
  const bytes = await encodePng(raster);
  const maskBytes = mask === null ? null : await encodeMaskPng(mask);
  return {
    id: `id of ${file}`,
    file,
    role: type === null ? 'normal' : 'defect',
    split: null,
    type,
    path: await put(folder, file, bytes),
    sha256: sha256Hex(bytes),
    maskPath: maskBytes === null ? null : await put(folder, `masks/${file}`, maskBytes),
    maskSha256: maskBytes === null ? null : sha256Hex(maskBytes),
    maskAreaPx: mask === null ? null : maskArea(mask),
    width: raster.width,
    height: raster.height,
    channels: raster.channels,
    bitDepth: 8,
    group: null,
  };
}

/** A picture by `windows` that passed every check, with what a test says otherwise. */
export function storedPicture(
  facts: Partial<StoredPicture> &
    Pick<StoredPicture, 'id' | 'path' | 'maskPath' | 'width' | 'height' | 'source'>,
): StoredPicture {
  return {
    index: 0,
    runId: 'run',
    generator: 'windows',
    type: 'hole',
    seed: 1,
    sha256: '',
    maskSha256: null,
    window: null,
    sourceUse: 'source',
    recipe: { generator: 'windows' },
    checks: {
      outside: { changed: 0, grownBy: 4 },
      agreement: { changedInMask: 0.9, contrast: 1.1 },
      areaRatio: 1,
      reasons: [],
    },
    flags: [],
    status: 'accepted',
    ...facts,
  };
}
