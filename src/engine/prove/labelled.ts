// A labelled picture with the masks of all its defect types together, decoded for training or testing.

import { addMask, subtractMasks } from '../../core/image/mask-ops.ts';
import { emptyMask, type Mask, type Raster } from '../../core/image/raster.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { DatasetPicture } from '../services.ts';

export interface Labelled {
  readonly raster: Raster;
  /** Empty for a good picture. */
  readonly mask: Mask;
  /** Pixels that neither count nor teach; null where there are none. */
  readonly ignored: Mask | null;
}

/** @param rows one picture's rows, a row per type */
export async function decodeLabelled(rows: readonly DatasetPicture[]): Promise<Labelled> {
  const [first] = rows;
  const { raster } = await decodePicture(first.path, { name: first.file });
  const whole = emptyMask(raster.width, raster.height);
  for (const { maskPath, file } of rows) {
    if (maskPath === null) continue;
    addMask(whole, (await decodeMask(maskPath, raster, { name: `mask of ${file}` })).mask, 0, 0);
  }
  const ignored = first.ignorePath
    ? (await decodeMask(first.ignorePath, raster, { name: `ignore zone of ${first.file}` })).mask
    : null;
  return { raster, mask: ignored === null ? whole : subtractMasks(whole, ignored), ignored };
}
