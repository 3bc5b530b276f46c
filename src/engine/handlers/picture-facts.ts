// pictures.facts: where a picture came from, and how its code values are spread.

import { stat } from 'node:fs/promises';
import type { EngineContext } from '../engine-context.ts';
import { decodePicture } from '../imaging/index.ts';
import { pictureOf } from '../labels/label-rows.ts';
import { levelsOf } from '../labels/levels.ts';

export function pictureFacts(context: EngineContext, { id }: { id: string }) {
  return context.reading(async ({ db, blobs }) => {
    const image = pictureOf(db, id);
    const bytes = await stat(blobs.path(image.blob)).then(
      ({ size }) => size,
      () => 0,
    );
    return {
      source: image.source,
      importedAt: image.createdAt,
      bytes,
      importedSplit: image.importedSplit,
      foreground: image.foregroundBlob ? ('painted' as const) : ('estimated' as const),
      levels: image.bitDepth > 8 ? await spread(await blobs.get(image.blob), image.file) : null,
    };
  });
}

async function spread(bytes: Uint8Array, name: string) {
  const { raster } = await decodePicture(bytes, { name });
  const levels = levelsOf(raster);
  if (levels === null) return null;
  let [darkest, brightest] = [65_535, 0];
  for (const value of raster.data) {
    if (value < darkest) darkest = value;
    if (value > brightest) brightest = value;
  }
  return { ...levels, darkest, brightest };
}
