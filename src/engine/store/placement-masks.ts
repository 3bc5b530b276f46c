// Masks painted by hand that say where new defects go.

import type { ReadableDb, WritableDb } from './database.ts';

export type PlacementUse = 'zones' | 'mask';

export interface PlacementMaskRow {
  id: string;
  productId: string;
  use: PlacementUse;
  /** The picture it was painted on. */
  imageId: string;
  blob: string;
  width: number;
  height: number;
  areaPx: number;
  createdAt: number;
}

const SELECT = `SELECT id, product_id AS productId, use, image_id AS imageId, blob, width, height, area_px AS areaPx,
  created_at AS createdAt FROM placement_masks`;

export function insertPlacementMask(db: WritableDb, row: PlacementMaskRow): void {
  db.run(
    `INSERT INTO placement_masks (id, product_id, use, image_id, blob, width, height, area_px, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.productId,
    row.use,
    row.imageId,
    row.blob,
    row.width,
    row.height,
    row.areaPx,
    row.createdAt,
  );
}

export function getPlacementMask(db: ReadableDb, id: string): PlacementMaskRow | undefined {
  return db.get<PlacementMaskRow>(`${SELECT} WHERE id = ?`, id);
}

/** The one painted last. */
export function latestPlacementMask(
  db: ReadableDb,
  productId: string,
  use: PlacementUse,
): PlacementMaskRow | undefined {
  return db.get<PlacementMaskRow>(
    `${SELECT} WHERE product_id = ? AND use = ? ORDER BY created_at DESC, id DESC LIMIT 1`,
    productId,
    use,
  );
}
