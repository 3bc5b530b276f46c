// The rows of one picture: a row per type, or one without a type.

import { AppError } from '../../core/base/errors.ts';
import type { ReadableDb } from '../store/database.ts';
import { findActiveImages, getImage, type LabelledImage } from '../store/images.ts';
import type { LabelKey, LabelSubject } from '../store/label-documents.ts';

/** A picture by any id it has or had. Throws `not-found`. */
export function pictureOf(db: ReadableDb, id: string): LabelledImage {
  const image = getImage(db, id);
  if (image !== undefined) return image;
  throw new AppError('not-found', `there is no picture ${id} in this workspace`);
}

export function labelKeyOf(image: LabelledImage, subject: LabelSubject): LabelKey {
  const { productId, source, file, blob, width, height } = image;
  return subject === 'picture'
    ? { subject, productId, source, file, blob }
    : { subject, productId, source: '', file: `${width}x${height}`, blob: '' };
}

/** What counts now for the picture of a document; empty once its file has changed. */
export function rowsOf(db: ReadableDb, key: LabelKey): LabelledImage[] {
  return findActiveImages(db, key.productId, key.file).filter(
    (row) => row.source === key.source && row.blob === key.blob,
  );
}

/** Tells whether somebody else has changed a picture's label. */
export function signatureOf(rows: readonly LabelledImage[]): string {
  return JSON.stringify(rows.map((row) => [row.role, row.typeId ?? '', row.maskBlob ?? '']).sort());
}
