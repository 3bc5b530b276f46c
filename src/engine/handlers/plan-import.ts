// Compares an import report with what the workspace already holds: what is new, what changed, what is as it was.

import type { ImportItem, ImportReport } from '../../core/domain/import-report.ts';
import { sha256, sha256OfFile } from '../blobs/blob-reader.ts';
import { isPaintedSince } from '../labels/import-guard.ts';
import { lastImportedMask } from '../store/annotations.ts';
import type { ReadableDb } from '../store/database.ts';
import { findActiveImages, type LabelledImage } from '../store/images.ts';
import { findProduct } from '../store/products.ts';

export interface PlannedItem {
  item: ImportItem;
  maskSha256: string | null;
  /** `picture`: bytes or facts changed, it gets a successor; `mask`: only its mask did. */
  change: 'new' | 'picture' | 'mask' | 'none';
  /** What the workspace holds under this file name and type. */
  known: LabelledImage | null;
  /** Rows of the same file whose type is no longer marked in it; this picture succeeds them. */
  gone: readonly LabelledImage[];
}

/** Reads or draws masks for their hash; writes nothing. `db` is null where there is no workspace yet. */
export async function planImport(
  db: ReadableDb | null,
  source: string,
  report: ImportReport,
): Promise<PlannedItem[]> {
  const product = db === null ? undefined : findProduct(db, report.product);
  const plan: PlannedItem[] = [];
  for (const items of Map.groupBy(report.items, (item) => item.file).values()) {
    const rows = product === undefined ? [] : knownRows(db!, product.id, source, items[0]);
    const pairs = pairUp(items, rows);
    const masks = [];
    for (const item of items) masks.push(await maskHash(item));
    if (rows.length > 0 && isPaintedSince(db!, rows[0], items, masks)) {
      for (const [i, item] of items.entries())
        plan.push({ item, maskSha256: masks[i], change: 'none', known: rows[0], gone: [] });
      continue;
    }
    for (const [i, item] of items.entries()) {
      const maskSha256 = masks[i];
      const known = pairs.known[i];
      const own = known === null ? 'new' : changeOf(db!, known, item, maskSha256);
      const gone = i === 0 ? pairs.gone : [];
      plan.push({ item, maskSha256, change: gone.length > 0 ? 'picture' : own, known, gone });
    }
  }
  return plan;
}

async function maskHash(item: ImportItem): Promise<string | null> {
  if (item.maskPng !== null) return sha256(await item.maskPng());
  return item.maskAbsPath === null ? null : sha256OfFile(item.maskAbsPath);
}

/**
 * The rows that this file was before (one per type): those of the same name from the same folder, else those of the
 * same name and content from another one (the folder may have moved). A name alone is not enough: many folders have a
 * 000.png.
 */
function knownRows(
  db: ReadableDb,
  productId: string,
  source: string,
  { file, sha256: content }: ImportItem,
): LabelledImage[] {
  const candidates = findActiveImages(db, productId, file);
  const here = candidates.filter((c) => c.source === source);
  if (here.length > 0) return here;
  const moved = candidates.find((c) => c.blob === content)?.source;
  return candidates.filter((c) => c.source === moved);
}

/** Items get the row of their type; items without one get what is left over, in order; `gone` is what no item gets. */
function pairUp(
  items: readonly ImportItem[],
  rows: readonly LabelledImage[],
): { known: (LabelledImage | null)[]; gone: LabelledImage[] } {
  const left = [...rows];
  const takeFirst = (fits: (row: LabelledImage) => boolean): LabelledImage | null => {
    const at = left.findIndex(fits);
    return at < 0 ? null : left.splice(at, 1)[0];
  };
  const sameType = items.map((item) => takeFirst((row) => row.type === item.type));
  return { known: sameType.map((row) => row ?? takeFirst(() => true)), gone: left };
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
    known.importedSplit === item.split &&
    known.type === item.type &&
    known.importedGroup === item.group;
  if (!same) return 'picture';
  if (maskSha256 === null || known.typeId === null) return 'none';
  return lastImportedMask(db, known.id, known.typeId)?.blob === maskSha256 ? 'none' : 'mask';
}
