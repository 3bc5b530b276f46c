// The pictures to label, one entry per file whatever types it has, in the order of their names.

import type { ImageRole } from '../../core/domain/import-report.ts';
import type { ReadableDb } from './database.ts';

export type QueueFilter = 'all' | 'unlabelled' | 'defect' | 'normal';

export interface QueueRow {
  id: string;
  file: string;
  blob: string;
  source: string;
  role: ImageRole;
  types: string[];
  width: number;
  height: number;
}

/** Where an entry stands: by file, then content, then folder. */
export type QueueKey = Pick<QueueRow, 'file' | 'blob' | 'source'>;

/** To do: not looked at yet, or said to have a defect that nobody has painted. */
const TODO = `(min(i.role) = 'unlabelled' OR sum(i.role = 'defect' AND NOT EXISTS
  (SELECT 1 FROM annotations a WHERE a.image_id = i.id)) > 0)`;

const WHICH: Record<QueueFilter, string> = {
  all: '1',
  unlabelled: TODO,
  defect: "min(i.role) = 'defect'",
  normal: "min(i.role) = 'normal'",
};

const FROM = 'FROM images i INDEXED BY images_queue';
const ACTIVE = 'i.product_id = @productId AND i.superseded_by IS NULL';
const COLUMNS = `min(i.id) AS id, i.file, i.blob, i.source, min(i.role) AS role, i.width, i.height,
  json_group_array(i.type_id) AS types`;
const GROUPED = 'GROUP BY i.file, i.blob, i.source';

type Stored = Omit<QueueRow, 'types'> & { types: string };

export function pageOfQueue(
  db: ReadableDb,
  productId: string,
  filter: QueueFilter,
  { offset, limit }: { offset: number; limit: number },
): QueueRow[] {
  return db
    .all<Stored>(
      `SELECT ${COLUMNS} ${FROM} WHERE ${ACTIVE} ${GROUPED} HAVING ${WHICH[filter]}
       ORDER BY i.file, i.blob, i.source LIMIT @limit OFFSET @offset`,
      { productId, limit, offset },
    )
    .map((row) => parsed(db, row));
}

export function countQueue(db: ReadableDb, productId: string, filter: QueueFilter): number {
  const sql = `SELECT count(*) AS n FROM (SELECT 1 ${FROM} WHERE ${ACTIVE} ${GROUPED} HAVING ${WHICH[filter]})`;
  return db.get<{ n: number }>(sql, { productId })!.n;
}

/** How many entries stand before this one. */
export function placeInQueue(
  db: ReadableDb,
  productId: string,
  filter: QueueFilter,
  { file, blob, source }: QueueKey,
): number {
  const sql = `SELECT count(*) AS n FROM (SELECT 1 ${FROM} WHERE ${ACTIVE}
    AND (i.file, i.blob, i.source) < (@file, @blob, @source) ${GROUPED} HAVING ${WHICH[filter]})`;
  return db.get<{ n: number }>(sql, { productId, file, blob, source })!.n;
}

/** The next entry in a direction; it need not be next to one of the list itself. */
export function nextInQueue(
  db: ReadableDb,
  productId: string,
  filter: QueueFilter,
  { file, blob, source }: QueueKey,
  step: 1 | -1,
): QueueRow | undefined {
  const [than, order] = step === 1 ? ['>', 'ASC'] : ['<', 'DESC'];
  const row = db.get<Stored>(
    `SELECT ${COLUMNS} ${FROM} WHERE ${ACTIVE} AND (i.file, i.blob, i.source) ${than} (@file, @blob, @source)
     ${GROUPED} HAVING ${WHICH[filter]} ORDER BY i.file ${order}, i.blob ${order}, i.source ${order} LIMIT 1`,
    { productId, file, blob, source },
  );
  return row === undefined ? undefined : parsed(db, row);
}

/** The entry a picture is in; null where it is in none any more. */
export function queueRowOf(db: ReadableDb, productId: string, key: QueueKey): QueueRow | undefined {
  const { file, blob, source } = key;
  const row = db.get<Stored>(
    `SELECT ${COLUMNS} ${FROM} WHERE ${ACTIVE} AND i.file = @file AND i.blob = @blob AND i.source = @source ${GROUPED}`,
    { productId, file, blob, source },
  );
  return row === undefined ? undefined : parsed(db, row);
}

function parsed(db: ReadableDb, row: Stored): QueueRow {
  const ids = (JSON.parse(row.types) as (string | null)[]).filter((id) => id !== null);
  const name = 'SELECT name FROM defect_types WHERE id = ?';
  return { ...row, types: ids.map((id) => db.get<{ name: string }>(name, id)!.name).sort() };
}
