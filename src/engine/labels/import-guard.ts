// An import that says what it said before must not undo what the user has painted since.

import type { ImportItem } from '../../core/domain/import-report.ts';
import { IGNORE_LAYER } from '../../core/labels/step.ts';
import type { ReadableDb } from '../store/database.ts';
import type { LabelledImage } from '../store/images.ts';
import { findLabelDocument } from '../store/label-documents.ts';
import { listTypes } from '../store/products.ts';
import { labelKeyOf } from './label-rows.ts';

/** Whether the picture's label was changed here, starting from just what these items say. */
export function isPaintedSince(
  db: ReadableDb,
  picture: LabelledImage,
  items: readonly ImportItem[],
  maskHashes: readonly (string | null)[],
): boolean {
  if (items.some((item) => item.sha256 !== picture.blob)) return false;
  const document = findLabelDocument(db, labelKeyOf(picture, 'picture'));
  if (document === undefined || document.head === 0) return false;
  const names = new Map(listTypes(db, picture.productId).map((type) => [type.id, type.name]));
  const { base } = document;
  const painted = Object.entries(base.blobs).filter(([layer]) => layer !== IGNORE_LAYER);
  const before = [
    ...base.types.map((type) => `defect ${names.get(type)} null`),
    ...painted.map(([type, blob]) => `defect ${names.get(type)} ${blob}`),
  ];
  if (before.length === 0) before.push(`${base.mark} null null`);
  const now = items.map((item, i) => `${item.role} ${item.type} ${maskHashes[i]}`);
  return JSON.stringify(before.sort()) === JSON.stringify(now.sort());
}
