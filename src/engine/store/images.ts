// Pictures of a product. Pictures are never deleted: a changed file gets a successor.

import type { ImageRole, ImageSplit } from '../../core/domain/import-report.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface ImageRow {
  id: string;
  productId: string;
  role: ImageRole;
  split: ImageSplit | null;
  typeId: string | null;
  blob: string;
  /** The folder it was imported from, as the user named it then. */
  source: string;
  /** Path inside the imported folder, with '/'. */
  file: string;
  width: number;
  height: number;
  channels: number;
  bitDepth: number;
  group: string | null;
  /** What the imported folder said; `split` and `group` may have been set by the user since. */
  importedSplit: ImageSplit | null;
  importedGroup: string | null;
  createdAt: number;
}

/** A picture with its type's name and its current mask. */
export interface LabelledImage extends ImageRow {
  type: string | null;
  maskBlob: string | null;
  maskAreaPx: number | null;
  /** Pixels nobody shall learn from, and where the product is, where somebody has painted it. */
  ignoreBlob?: string | null;
  foregroundBlob?: string | null;
}

const COLUMNS = `i.id, i.product_id AS productId, i.role, i.type_id AS typeId, i.blob, i.source, i.file, i.width, i.height,
  i.channels, i.bit_depth AS bitDepth, i.imported_split AS importedSplit, i.imported_group AS importedGroup,
  i.created_at AS createdAt`;

/** Later than any row: as things are now. */
const NOW = Number.MAX_SAFE_INTEGER;

/** The masks that counted at @asOf: the highest revision per picture and type. */
const MASK_THEN = `LEFT JOIN annotations a ON a.image_id = i.id AND a.type_id = i.type_id AND a.revision =
  (SELECT max(revision) FROM annotations b
   WHERE b.image_id = a.image_id AND b.type_id = a.type_id AND b.created_at <= @asOf)`;

/** The first change after @asOf knows what was before it. */
const SPLIT_THEN = `CASE WHEN c.id IS NULL THEN i.split ELSE c.before_split END AS split,
  CASE WHEN c.id IS NULL THEN i.part_group ELSE c.before_group END AS "group"`;
const LATER_CHANGE = `LEFT JOIN split_changes c ON c.id = (SELECT min(d.id) FROM split_changes d
  WHERE d.image_id = i.id AND d.created_at > @asOf)`;

/** The zone of a document that counted at @asOf. */
const zoneThen = (
  key: string,
): string => `(SELECT z.blob FROM label_documents d JOIN zones z ON z.document_id = d.id
  WHERE d.product_id = i.product_id AND ${key} AND z.created_at <= @asOf ORDER BY z.revision DESC LIMIT 1)`;

const IGNORED = zoneThen(
  "d.subject = 'picture' AND d.source = i.source AND d.file = i.file AND d.blob = i.blob",
);
const FOREGROUND = zoneThen(
  "d.subject = 'foreground' AND d.source = '' AND d.file = i.width || 'x' || i.height AND d.blob = ''",
);

const LABELLED = `SELECT ${COLUMNS}, ${SPLIT_THEN}, t.name AS type, a.blob AS maskBlob, a.area_px AS maskAreaPx,
  ${IGNORED} AS ignoreBlob, ${FOREGROUND} AS foregroundBlob
  FROM images i LEFT JOIN defect_types t ON t.id = i.type_id ${LATER_CHANGE} ${MASK_THEN}`;

/** Pictures that were there at @asOf and had no successor yet. */
const ACTIVE_THEN = `i.created_at <= @asOf AND (i.superseded_by IS NULL
  OR (SELECT s.created_at FROM images s WHERE s.id = i.superseded_by) > @asOf)`;

/**
 * The product's pictures as they count now, or as they counted at a time in the past (ms since 1970), sorted by file
 * name, by code point, then by content.
 */
export function listImages(db: ReadableDb, productId: string, asOf = NOW): LabelledImage[] {
  return db.all<LabelledImage>(
    `${LABELLED} WHERE i.product_id = @productId AND ${ACTIVE_THEN} ORDER BY i.file, i.blob, i.id`,
    { productId, asOf },
  );
}

/** One picture with the mask that counts now, or counted then. */
export function getImage(db: ReadableDb, id: string, asOf = NOW): LabelledImage | undefined {
  return db.get<LabelledImage>(`${LABELLED} WHERE i.id = @id`, { id, asOf });
}

/** What stands under a file name now: one picture per imported folder that has a file of this name. */
export function findActiveImages(db: ReadableDb, productId: string, file: string): LabelledImage[] {
  return db.all<LabelledImage>(
    `${LABELLED} WHERE i.product_id = @productId AND i.file = @file AND ${ACTIVE_THEN} ORDER BY i.source`,
    { productId, file, asOf: NOW },
  );
}

export function insertImage(db: WritableDb, image: ImageRow): void {
  db.run(
    `INSERT INTO images (id, product_id, role, split, type_id, blob, source, file, width, height, channels, bit_depth, part_group,
      imported_split, imported_group, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    image.id,
    image.productId,
    image.role,
    image.split,
    image.typeId,
    image.blob,
    image.source,
    image.file,
    image.width,
    image.height,
    image.channels,
    image.bitDepth,
    image.group,
    image.importedSplit,
    image.importedGroup,
    image.createdAt,
  );
}

/** Marks a picture as replaced; its successor is inserted in the same transaction. */
export function supersedeImage(db: WritableDb, id: string, successorId: string): void {
  db.run('UPDATE images SET superseded_by = ? WHERE id = ?', successorId, id);
}

/** How many pictures of each role and type the product has. */
export function countImages(
  db: ReadableDb,
  productId: string,
): { role: ImageRole; type: string | null; count: number }[] {
  return db.all(
    `SELECT i.role, t.name AS type, count(*) AS count FROM images i INDEXED BY images_queue LEFT JOIN defect_types t ON t.id = i.type_id
     WHERE i.product_id = ? AND i.superseded_by IS NULL GROUP BY i.role, t.name ORDER BY i.role, t.name`,
    productId,
  );
}
