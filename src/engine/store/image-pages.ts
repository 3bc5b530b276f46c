// One page of a product's pictures as they count now, by file name.

import type { ReadableDb } from './database.ts';
import type { LabelledImage } from './images.ts';

export type ImageFlag = 'near-duplicate' | 'leak' | 'no-mask';

export interface ImageFilter {
  role?: string;
  type?: string;
  /** `none`: without one. */
  split?: string;
  /** Part of the path. */
  text?: string;
  /** `any`: with at least one. */
  flag?: ImageFlag | 'any';
}

/** A row of the grid, with why somebody should look at it. */
export interface PageImage extends LabelledImage {
  near: number | null;
  flags: ImageFlag[];
  /** [32*32] grey values; null until the picture was prepared. */
  look: Uint8Array | null;
}

const NEAR = 'n."group" IS NOT NULL';
const NO_MASK = `(i.role = 'defect' AND NOT EXISTS (SELECT 1 FROM annotations b WHERE b.image_id = i.id))`;
/** Whether others of its part, its likeness or its content lie in another split; all by index. */
const elsewhere = (from: string, where: string): string =>
  ['<', '>']
    .map(
      (than) => `EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND j.product_id = i.product_id
      AND j.superseded_by IS NULL AND j.split ${than} i.split)`,
    )
    .join(' OR ');
const LEAKING = `(i.split IS NOT NULL AND (
  (i.part_group IS NOT NULL AND (${elsewhere('images j INDEXED BY images_part', 'j.part_group = i.part_group')}))
  OR (${NEAR} AND (${elsewhere(
    'near_duplicates m JOIN images j ON j.blob = m.blob',
    'm.product_id = i.product_id AND m."group" = n."group"',
  )}))
  OR ${elsewhere('images j INDEXED BY images_blob', 'j.blob = i.blob')}))`;

const FLAGS: Record<ImageFlag, string> = { 'near-duplicate': NEAR, leak: LEAKING, 'no-mask': NO_MASK };

/** Only what the filter asks for is looked up: 50,000 rows are counted for every page. */
function fromWhere(filter: ImageFilter): string {
  const flagged = filter.flag !== undefined;
  const joins = [
    ...(filter.type === undefined ? [] : ['JOIN defect_types t ON t.id = i.type_id']),
    ...(flagged ? ['LEFT JOIN near_duplicates n ON n.product_id = i.product_id AND n.blob = i.blob'] : []),
  ];
  const wanted = ['i.product_id = @productId', 'i.superseded_by IS NULL'];
  if (filter.role !== undefined) wanted.push('i.role = @role');
  if (filter.type !== undefined) wanted.push('t.name = @type');
  if (filter.split !== undefined)
    wanted.push(filter.split === 'none' ? 'i.split IS NULL' : 'i.split = @split');
  if (filter.text !== undefined) wanted.push('instr(lower(i.file), lower(@text)) > 0');
  if (filter.flag === 'any') wanted.push(`(${Object.values(FLAGS).join(' OR ')})`);
  else if (filter.flag !== undefined) wanted.push(FLAGS[filter.flag]);
  return `FROM images i INDEXED BY images_queue ${joins.join(' ')} WHERE ${wanted.join(' AND ')}`;
}

/** Near-duplicates stand beside each other where they are asked for. */
function orderOf(filter: ImageFilter, row: string): string {
  const name = `${row}.file, ${row}.blob, ${row}.id`;
  return filter.flag === 'near-duplicate' ? `n."group", ${name}` : name;
}

const ROW = `i.id, i.product_id AS productId, i.role, i.split, i.type_id AS typeId, i.blob, i.source, i.file, i.width,
  i.height, i.channels, i.bit_depth AS bitDepth, i.part_group AS "group", i.imported_split AS importedSplit,
  i.imported_group AS importedGroup, i.created_at AS createdAt, t.name AS type, a.blob AS maskBlob,
  a.area_px AS maskAreaPx, n."group" AS near, l.look,
  ${NEAR} AS isNear, ${LEAKING} AS isLeak, ${NO_MASK} AS isBare`;

const SELECT = `SELECT ${ROW} FROM images i LEFT JOIN defect_types t ON t.id = i.type_id
  LEFT JOIN near_duplicates n ON n.product_id = i.product_id AND n.blob = i.blob
  LEFT JOIN picture_looks l ON l.blob = i.blob
  LEFT JOIN annotations a ON a.image_id = i.id AND a.type_id = i.type_id AND a.revision =
    (SELECT max(revision) FROM annotations b WHERE b.image_id = a.image_id AND b.type_id = a.type_id)`;

type Stored = PageImage & { isNear: number; isLeak: number; isBare: number };

export function pageOfImages(
  db: ReadableDb,
  productId: string,
  filter: ImageFilter,
  { offset, limit }: { offset: number; limit: number },
): { total: number; rows: PageImage[] } {
  const which = whichOf(productId, filter);
  const from = fromWhere(filter);
  const { total } = db.get<{ total: number }>(`SELECT count(*) AS total ${from}`, which)!;
  const ids = `SELECT i.id ${from} ORDER BY ${orderOf(filter, 'i')} LIMIT @limit OFFSET @offset`;
  const rows = db.all<Stored>(
    `${SELECT} WHERE i.id IN (${ids}) AND i.product_id = @productId ORDER BY ${orderOf(filter, 'i')}`,
    { ...which, productId, offset, limit },
  );
  return { total, rows: rows.map(withFlags) };
}

/** One picture, whether it counts still or not. */
export function pageImage(db: ReadableDb, id: string): PageImage | undefined {
  const owner = db.get<{ productId: string }>('SELECT product_id AS productId FROM images WHERE id = ?', id);
  if (owner === undefined) return undefined;
  return withFlags(db.get<Stored>(`${SELECT} WHERE i.id = @id`, { id, ...owner })!);
}

/** Ids of all that fit. */
export function idsOfImages(db: ReadableDb, productId: string, filter: ImageFilter): string[] {
  const sql = `SELECT i.id ${fromWhere(filter)}`;
  return db.all<{ id: string }>(sql, whichOf(productId, filter)).map(({ id }) => id);
}

function whichOf(productId: string, { role, type, split, text }: ImageFilter): Record<string, string> {
  const given = { role, type, split: split === 'none' ? undefined : split, text };
  const named = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { productId, ...Object.fromEntries(named) };
}

function withFlags({ isNear, isLeak, isBare, ...row }: Stored): PageImage {
  const flags: ImageFlag[] = [];
  if (isLeak) flags.push('leak');
  if (isNear) flags.push('near-duplicate');
  if (isBare) flags.push('no-mask');
  return { ...row, flags };
}
