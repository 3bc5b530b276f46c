// Generated pictures with everything needed to make them again.

import type { JsonObject } from '../../core/domain/json.ts';
import type { Rect } from '../../core/image/raster.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export type ReviewStatus = 'accepted' | 'rejected' | 'undecided';

export interface GenerationRow {
  id: string;
  runId: string;
  index: number;
  productId: string;
  generator: string;
  typeId: string | null;
  seed: number;
  sourceImageId: string | null;
  /** `source`: the picture is a changed copy of it; `reference`: it only started the sampling (SeaS). */
  sourceUse: 'source' | 'reference' | null;
  window: Rect | null;
  imageBlob: string;
  maskBlob: string | null;
  width: number;
  height: number;
  recipe: JsonObject;
  recipeHash: string;
  checks: JsonObject;
  flags: string[];
  createdAt: number;
}

/** A generation with its type's name and where the review stands. */
export interface GenerationWithStatus extends GenerationRow {
  type: string | null;
  status: ReviewStatus;
}

export interface GenerationFilter {
  productId?: string;
  runId?: string;
  status?: ReviewStatus;
}

type Json = 'window' | 'recipe' | 'checks' | 'flags';
type Stored = Omit<GenerationWithStatus, Json> & {
  window: string | null;
  recipe: string;
  checks: string;
  flags: string;
};

const SELECT = `SELECT g.id, g.run_id AS runId, g.idx AS "index", g.product_id AS productId, g.generator,
  g.type_id AS typeId, g.seed, g.source_image_id AS sourceImageId, g.source_use AS sourceUse, g.window_rect AS window,
  g.image_blob AS imageBlob, g.mask_blob AS maskBlob, g.width, g.height, g.recipe, g.recipe_hash AS recipeHash, g.checks,
  g.flags, g.created_at AS createdAt, t.name AS type, s.status
  FROM generations g JOIN generation_status s ON s.generation_id = g.id LEFT JOIN defect_types t ON t.id = g.type_id`;

/** In the order they were asked for: runs by age, then the place in the run. */
export function listGenerations(db: ReadableDb, filter: GenerationFilter = {}): GenerationWithStatus[] {
  const rows = db.all<Stored>(
    `${SELECT} JOIN runs r ON r.id = g.run_id
     WHERE (@productId IS NULL OR g.product_id = @productId) AND (@runId IS NULL OR g.run_id = @runId) AND (@status IS NULL OR s.status = @status)
     ORDER BY r.created_at, r.id, g.idx`,
    { productId: filter.productId ?? null, runId: filter.runId ?? null, status: filter.status ?? null },
  );
  return rows.map(fromStored);
}

export function getGeneration(db: ReadableDb, id: string): GenerationWithStatus | undefined {
  const row = db.get<Stored>(`${SELECT} WHERE g.id = ?`, id);
  return row === undefined ? undefined : fromStored(row);
}

/** Places of a run that are already filled, ascending. */
export function storedIndices(db: ReadableDb, runId: string): number[] {
  return db
    .all<{ idx: number }>('SELECT idx FROM generations WHERE run_id = ? ORDER BY idx', runId)
    .map((row) => row.idx);
}

export function insertGeneration(db: WritableDb, g: GenerationRow): void {
  db.run(
    `INSERT INTO generations (id, run_id, idx, product_id, generator, type_id, seed, source_image_id, source_use, window_rect,
      image_blob, mask_blob, width, height, recipe, recipe_hash, checks, flags, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    g.id,
    g.runId,
    g.index,
    g.productId,
    g.generator,
    g.typeId,
    g.seed,
    g.sourceImageId,
    g.sourceUse,
    g.window === null ? null : JSON.stringify(g.window),
    g.imageBlob,
    g.maskBlob,
    g.width,
    g.height,
    JSON.stringify(g.recipe),
    g.recipeHash,
    JSON.stringify(g.checks),
    JSON.stringify(g.flags),
    g.createdAt,
  );
}

function fromStored(row: Stored): GenerationWithStatus {
  return {
    ...row,
    window: row.window === null ? null : JSON.parse(row.window),
    recipe: JSON.parse(row.recipe),
    checks: JSON.parse(row.checks),
    flags: JSON.parse(row.flags),
  };
}
