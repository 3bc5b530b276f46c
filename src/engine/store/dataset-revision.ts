// One hash over everything a product's dataset holds: part of a run's identity.

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/domain/json.ts';
import type { ReadableDb } from './database.ts';
import { listImages } from './images.ts';

/**
 * SHA-256 over the product's pictures, labels, splits and groups, as they are or as they were at a time in the past. It depends on content only, so the same
 * folder imported into two workspaces gives the same revision.
 */
export function datasetRevision(db: ReadableDb, productId: string, asOf?: number): string {
  const hash = createHash('sha256');
  for (const image of listImages(db, productId, asOf)) {
    const line = [image.file, image.blob, image.role, image.split, image.type, image.maskBlob, image.group];
    // Only where there are any, so that datasets without zones keep the revision they had.
    if (image.ignoreBlob || image.foregroundBlob)
      line.push(image.ignoreBlob ?? null, image.foregroundBlob ?? null);
    hash.update(canonicalJson(line)).update('\n');
  }
  return hash.digest('hex');
}
