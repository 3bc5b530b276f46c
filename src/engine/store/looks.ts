// Small looks of pictures by content, and the groups of near-duplicates found with them.

import type { ReadableDb, WritableDb } from './database.ts';

/** Contents of the product's pictures that have no look yet. */
export function blobsWithoutLook(
  db: ReadableDb,
  productId: string,
): { blob: string; id: string; file: string }[] {
  return db.all(
    `SELECT i.blob, i.id, min(i.file) AS file FROM images i WHERE i.product_id = ? AND i.superseded_by IS NULL
       AND NOT EXISTS (SELECT 1 FROM picture_looks l WHERE l.blob = i.blob) GROUP BY i.blob ORDER BY min(i.file)`,
    productId,
  );
}

/** Contents of the product's pictures, by file name. */
export function activeBlobs(db: ReadableDb, productId: string): string[] {
  return db
    .all<{ blob: string }>(
      `SELECT blob FROM images WHERE product_id = ? AND superseded_by IS NULL GROUP BY blob ORDER BY min(file)`,
      productId,
    )
    .map(({ blob }) => blob);
}

/** Null: the picture cannot be decoded. */
export function putLook(db: WritableDb, blob: string, look: Uint8Array | null): void {
  db.run('INSERT OR REPLACE INTO picture_looks (blob, look) VALUES (?, ?)', blob, look);
}

/** Looks of the product's pictures, by file name. */
export function listLooks(db: ReadableDb, productId: string): { key: string; values: Uint8Array }[] {
  return db.all(
    `SELECT i.blob AS key, l.look AS "values" FROM images i JOIN picture_looks l ON l.blob = i.blob
     WHERE i.product_id = ? AND i.superseded_by IS NULL AND l.look IS NOT NULL
     GROUP BY i.blob ORDER BY min(i.file), i.blob`,
    productId,
  );
}

/** Replaces the product's groups; every content that was compared gets a row. */
export function putNearDuplicates(
  db: WritableDb,
  productId: string,
  blobs: readonly string[],
  groups: readonly (readonly string[])[],
): void {
  db.run('DELETE FROM near_duplicates WHERE product_id = ?', productId);
  const groupOf = new Map(groups.flatMap((group, i) => group.map((blob) => [blob, i + 1] as const)));
  for (const blob of blobs)
    db.run('INSERT INTO near_duplicates VALUES (?, ?, ?)', productId, blob, groupOf.get(blob) ?? null);
}

/** Groups, the pictures in them, and pictures that were not compared yet. */
export function countNear(
  db: ReadableDb,
  productId: string,
): { groups: number; pictures: number; waiting: number } {
  const near = db.get<{ groups: number; pictures: number }>(
    `SELECT count(DISTINCT n."group") AS groups, count(*) AS pictures FROM near_duplicates n
       JOIN images i ON i.product_id = n.product_id AND i.blob = n.blob AND i.superseded_by IS NULL
     WHERE n.product_id = ? AND n."group" IS NOT NULL`,
    productId,
  )!;
  const { waiting } = db.get<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM images i WHERE i.product_id = ? AND i.superseded_by IS NULL
       AND NOT EXISTS (SELECT 1 FROM near_duplicates n WHERE n.product_id = i.product_id AND n.blob = i.blob)`,
    productId,
  )!;
  return { ...near, waiting };
}
