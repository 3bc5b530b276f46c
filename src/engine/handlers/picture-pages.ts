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
  return { id, file, role, split, type, group, width, height, channels, bitDepth, maskAreaPx, near, flags };
}
