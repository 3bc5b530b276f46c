// Every blob the database points at, and what it is: what must be there, and what may be swept.

import type { ReadableDb } from './database.ts';

export interface BlobReference {
  blob: string;
  /** What it is, in the user's words: a file name where there is one. */
  what: string;
}

/** One entry per blob and use. */
export function listBlobReferences(db: ReadableDb): BlobReference[] {
  return db.all<BlobReference>(`
    SELECT blob, 'picture ' || file AS what FROM images
    UNION ALL SELECT a.blob, 'mask of ' || i.file FROM annotations a JOIN images i ON i.id = a.image_id
    UNION ALL SELECT blob, 'checkpoint of run ' || run_id || ' at step ' || step FROM checkpoints
    UNION ALL SELECT blob, name || ' of token set ' || token_set_id FROM token_set_files
    UNION ALL SELECT image_blob, 'generated picture ' || id FROM generations
    UNION ALL SELECT mask_blob, 'mask of generated picture ' || id FROM generations WHERE mask_blob IS NOT NULL
    UNION ALL SELECT z.blob, 'zone of ' || d.file FROM zones z JOIN label_documents d ON d.id = z.document_id WHERE z.blob IS NOT NULL
    UNION ALL SELECT image_blob, 'repaired picture ' || generation_id FROM generation_repairs
    UNION ALL SELECT mask_blob, 'repaired mask of ' || generation_id FROM generation_repairs
    UNION ALL SELECT blob, 'painted placement ' || id FROM placement_masks
    UNION ALL SELECT map_blob, 'map of inspection ' || id FROM inspections
    UNION ALL SELECT heat_blob, 'heat of inspection ' || id FROM inspections WHERE heat_blob IS NOT NULL
    UNION ALL SELECT blob, 'preview of run ' || run_id || ' at step ' || step FROM training_previews
  `);
}

/** Whether any row still points at the blob. */
export function isBlobReferenced(db: ReadableDb, blob: string): boolean {
  const row = db.get<{ used: number }>(
    `SELECT EXISTS (SELECT 1 FROM images WHERE blob = @blob) OR EXISTS (SELECT 1 FROM annotations WHERE blob = @blob)
      OR EXISTS (SELECT 1 FROM zones WHERE blob = @blob) OR EXISTS (SELECT 1 FROM checkpoints WHERE blob = @blob) OR EXISTS (SELECT 1 FROM token_set_files WHERE blob = @blob)
      OR EXISTS (SELECT 1 FROM generations WHERE image_blob = @blob OR mask_blob = @blob)
      OR EXISTS (SELECT 1 FROM generation_repairs WHERE image_blob = @blob OR mask_blob = @blob)
      OR EXISTS (SELECT 1 FROM placement_masks WHERE blob = @blob)
      OR EXISTS (SELECT 1 FROM inspections WHERE map_blob = @blob OR heat_blob = @blob)
      OR EXISTS (SELECT 1 FROM training_previews WHERE blob = @blob) AS used`,
    { blob },
  );
  return row!.used === 1;
}
