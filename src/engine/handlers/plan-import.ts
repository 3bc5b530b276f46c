// Compares an import report with what the workspace already holds: what is new, what changed, what is as it was.

import type { ImportItem, ImportReport } from '../../core/domain/import-report.ts';
import { sha256OfFile } from '../blobs/blob-reader.ts';
import { lastImportedMask } from '../store/annotations.ts';
import type { ReadableDb } from '../store/database.ts';
import { findActiveImages, type LabelledImage } from '../store/images.ts';
import { findProduct } from '../store/products.ts';

export interface PlannedItem {
  item: ImportItem;
  maskSha256: string | null;
  /** `picture`: bytes or facts changed, it gets a successor; `mask`: only its mask did. */
  change: 'new' | 'picture' | 'mask' | 'none';
  /** What the workspace holds under this file name. */
  known: LabelledImage | null;
}

/** Reads mask files for their hash; writes nothing. `db` is null where there is no workspace yet. */
export async function planImport(
  db: ReadableDb | null,
  source: string,
  report: ImportReport,
): Promise<PlannedItem[]> {
  const product = db === null ? undefined : findProduct(db, report.product);
  const plan: PlannedItem[] = [];
  for (const item of report.items) {
    const maskSha256 = item.maskAbsPath === null ? null : await sha256OfFile(item.maskAbsPath);
    const known = product === undefined ? null : findKnown(db!, product.id, source, item);
    const change = known === null ? 'new' : changeOf(db!, known, item, maskSha256);
    plan.push({ item, maskSha256, change, known });
  }
  return plan;
}

/**
 * The picture that this file was before: one of the same name and content, wherever it was imported from (the folder
 * may have moved), else one of the same name from the same folder. A name alone is not enough: many folders have a 000.png.
 */
function findKnown(
  db: ReadableDb,
  productId: string,
  source: string,
  item: ImportItem,
): LabelledImage | null {
  const candidates = findActiveImages(db, productId, item.file);
  return (
    candidates.find((c) => c.blob === item.sha256) ?? candidates.find((c) => c.source === source) ?? null
  );
}

function changeOf(
  db: ReadableDb,
  known: LabelledImage,
  item: ImportItem,
  maskSha256: string | null,
): 'picture' | 'mask' | 'none' {
  const same =
    known.blob === item.sha256 &&
    known.role === item.role &&
    known.split === item.split &&
    known.type === item.type &&
    known.group === item.group;
  if (!same) return 'picture';
  if (maskSha256 === null || known.typeId === null) return 'none';
  return lastImportedMask(db, known.id, known.typeId)?.blob === maskSha256 ? 'none' : 'mask';
}
