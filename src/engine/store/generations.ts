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
  /** `box`: the defect is somewhere inside the mask, which holds good pixels too; a mask corrected by hand is exact. */
  label: 'mask' | 'box';
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
  /** Of the last decision. */
  reason: string | null;
  /** How often its mask was corrected; the blobs, checks and flags are those that count now. */
  repairs: number;
  /** As the generator made it. */
  madeImageBlob: string;
  madeMaskBlob: string | null;
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
  COALESCE(p.image_blob, g.image_blob) AS imageBlob, COALESCE(p.mask_blob, g.mask_blob) AS maskBlob,
  g.image_blob AS madeImageBlob, g.mask_blob AS madeMaskBlob, COALESCE(p.revision, 0) AS repairs,
  CASE WHEN p.revision IS NULL THEN g.label ELSE 'mask' END AS label, g.width, g.height, g.recipe,
  g.recipe_hash AS recipeHash, COALESCE(p.checks, g.checks) AS checks, COALESCE(p.flags, g.flags) AS flags,
  g.created_at AS createdAt, t.name AS type, s.status, l.reason
  FROM generations g JOIN generation_status s ON s.generation_id = g.id LEFT JOIN defect_types t ON t.id = g.type_id
  LEFT JOIN reviews l ON l.seq = (SELECT max(seq) FROM reviews WHERE generation_id = g.id)
  LEFT JOIN generation_repairs p ON p.generation_id = g.id
    AND p.revision = (SELECT max(revision) FROM generation_repairs WHERE generation_id = g.id)`;

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

export function countOfRun(db: ReadableDb, runId: string): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM generations WHERE run_id = ?', runId)!.n;
}

/** How long finished runs of a generator took from their start to their last picture, newest first; never resumed ones. */
export function timesOfRuns(
  db: ReadableDb,
  generator: string,
  most: number,
): { pictures: number; seconds: number }[] {
  return db.all(
    `SELECT count(*) AS pictures, (max(g.created_at) - a.time) / 1000.0 AS seconds FROM (
       SELECT id FROM runs WHERE kind = 'generate' AND method = ? AND state = 'done' ORDER BY created_at DESC LIMIT ?
     ) r JOIN generations g ON g.run_id = r.id
     JOIN (
       SELECT json_extract(event, '$.run') AS run, min(time) AS time, count(*) AS starts FROM audit
       WHERE json_extract(event, '$.event') = 'run-state' AND json_extract(event, '$.state') = 'running' GROUP BY 1
     ) a ON a.run = r.id AND a.starts = 1
     GROUP BY r.id HAVING seconds > 0 ORDER BY r.id DESC`,
    generator,
    most,
  );
}

export function insertGeneration(db: WritableDb, g: GenerationRow): void {
  db.run(
    `INSERT INTO generations (id, run_id, idx, product_id, generator, type_id, seed, source_image_id, source_use, window_rect,
      image_blob, mask_blob, label, width, height, recipe, recipe_hash, checks, flags, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    g.label,
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
