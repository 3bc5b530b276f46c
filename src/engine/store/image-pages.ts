// One page of a product's pictures as they count now, by file name.

import type { ReadableDb } from './database.ts';
import type { LabelledImage } from './images.ts';

export interface ImageFilter {
  role?: string;
  type?: string;
  split?: string;
  /** Part of the path. */
  text?: string;
}

const FROM = `FROM images i LEFT JOIN defect_types t ON t.id = i.type_id
  WHERE i.product_id = @productId AND i.superseded_by IS NULL
    AND (@role IS NULL OR i.role = @role) AND (@type IS NULL OR t.name = @type)
    AND (@split IS NULL OR i.split = @split) AND (@text IS NULL OR instr(lower(i.file), lower(@text)) > 0)`;

/** The mask that counts is looked up only for the rows of the page. */
const PAGE = `SELECT p.*, a.blob AS maskBlob, a.area_px AS maskAreaPx FROM (
  SELECT i.id, i.product_id AS productId, i.role, i.split, i.type_id AS typeId, i.blob, i.source, i.file, i.width,
    i.height, i.channels, i.bit_depth AS bitDepth, i.part_group AS "group", i.created_at AS createdAt, t.name AS type
  ${FROM} ORDER BY i.file, i.blob, i.id LIMIT @limit OFFSET @offset) p
  LEFT JOIN annotations a ON a.image_id = p.id AND a.type_id = p.typeId AND a.revision =
    (SELECT max(revision) FROM annotations b WHERE b.image_id = a.image_id AND b.type_id = a.type_id)
  ORDER BY p.file, p.blob, p.id`;

export function pageOfImages(
  db: ReadableDb,
  productId: string,
  filter: ImageFilter,
  { offset, limit }: { offset: number; limit: number },
): { total: number; rows: LabelledImage[] } {
  const which = {
    productId,
    role: filter.role ?? null,
    type: filter.type ?? null,
    split: filter.split ?? null,
    text: filter.text ?? null,
  };
  const { total } = db.get<{ total: number }>(`SELECT count(*) AS total ${FROM}`, which)!;
  return { total, rows: db.all<LabelledImage>(PAGE, { ...which, offset, limit }) };
}
