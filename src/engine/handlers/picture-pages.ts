// pictures.page and pictures.get: what the window shows of a product's pictures.

import type { PictureInfo } from '../../contract/methods/pictures.ts';
import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { type ImageFilter, type PageImage, pageImage, pageOfImages } from '../store/image-pages.ts';
import { chooseProduct } from './choose-product.ts';

export interface PageInput {
  product?: string;
  filter: ImageFilter;
  offset: number;
  limit: number;
}

export async function pagePictures(context: EngineContext, input: PageInput) {
  return context.reading(({ db }) => {
    const product = chooseProduct(db, input.product);
    const { total, rows } = pageOfImages(db, product.id, input.filter, input);
    return { total, pictures: rows.map(toInfo) };
  });
}

export async function getPicture(context: EngineContext, { id }: { id: string }) {
  return context.reading(({ db }) => {
    const row = pageImage(db, id);
    if (row !== undefined) return toInfo(row);
    throw new AppError('not-found', `there is no picture ${id} in this workspace`);
  });
}

function toInfo(row: PageImage): PictureInfo {
  const { id, file, role, split, type, group, width, height, channels, bitDepth, maskAreaPx, near, flags } =
    row;
  const facts = { id, file, role, split, type, group, width, height, channels, bitDepth, maskAreaPx };
  return { ...facts, near, flags, preview: previewOf(row.look) };
}

const LOOK_SIDE = 32;

/** Means of 2 x 2 values. */
function previewOf(look: Uint8Array | null): string | null {
  if (look === null) return null;
  const side = LOOK_SIDE / 2;
  const small = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = 2 * y * LOOK_SIDE + 2 * x;
      small[y * side + x] =
        (look[at] + look[at + 1] + look[at + LOOK_SIDE] + look[at + LOOK_SIDE + 1] + 2) >> 2;
    }
  }
  return Buffer.from(small).toString('base64');
}
