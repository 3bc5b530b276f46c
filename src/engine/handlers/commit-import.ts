// Stores an accepted import: files first, then all rows in one transaction; on any failure nothing is left behind.

import { AppError } from '../../core/base/errors.ts';
import type { ImageSplit, ImportItem, ImportReport } from '../../core/domain/import-report.ts';
import type { PutResult } from '../blobs/blob-store.ts';
import type { Clock } from '../ids.ts';
import { removeUnreferenced } from '../runs/run-context.ts';
import { addRevision } from '../store/annotations.ts';
import { appendAudit } from '../store/audit.ts';
import { insertImage, type LabelledImage, supersedeImage } from '../store/images.ts';
import { findProduct, insertProduct, insertType, listTypes } from '../store/products.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import type { PlannedItem } from './plan-import.ts';
import { progressOf } from './progress.ts';

export interface AcceptedImport {
  /** The imported folder. */
  source: string;
  report: ImportReport;
  plan: readonly PlannedItem[];
}

/** Copies pictures and masks into the workspace. Files it holds already are only checked, and mended if damaged. */
export async function commitImport(
  workspace: Workspace,
  clock: Clock,
  accepted: AcceptedImport,
  call: Call,
): Promise<void> {
  const added: string[] = [];
  try {
    await copyFiles(workspace, accepted.plan, progressOf(call, clock, 'store'), call.signal, added);
    call.signal.throwIfAborted();
    workspace.db.transaction(() => insertRows(workspace, clock, accepted));
  } catch (error) {
    await removeUnreferenced(workspace, added).catch(() => {});
    throw error;
  }
}

async function copyFiles(
  workspace: Workspace,
  plan: readonly PlannedItem[],
  progress: ReturnType<typeof progressOf>,
  signal: AbortSignal,
  added: string[],
): Promise<void> {
  for (const [i, { item, maskSha256 }] of plan.entries()) {
    signal.throwIfAborted();
    const picture = await workspace.blobs.putFile(item.absPath, item.sha256);
    if (picture.added) added.push(picture.hash);
    const mask = await putMask(workspace, item, maskSha256);
    if (mask?.added) added.push(mask.hash);
    progress(i + 1, plan.length, item.file);
  }
}

/** Copies the mask picture, or draws the mask of an annotation again. */
async function putMask(
  workspace: Workspace,
  item: ImportItem,
  maskSha256: string | null,
): Promise<PutResult | null> {
  if (maskSha256 === null) return null;
  if (item.maskPng !== null) return workspace.blobs.put(await item.maskPng());
  return item.maskAbsPath === null ? null : workspace.blobs.putFile(item.maskAbsPath, maskSha256);
}

function insertRows(workspace: Workspace, clock: Clock, { source, report, plan }: AcceptedImport): void {
  const { db } = workspace;
  const at = clock.now();
  const productId = productOf(workspace, clock, report.product);
  const types = new Map(listTypes(db, productId).map((type) => [type.name, type.id]));
  const typeOf = (name: string | null): string | null => {
    if (name === null) return null;
    if (!types.has(name)) {
      const id = clock.newId();
      insertType(db, { id, productId, name });
      types.set(name, id);
    }
    return types.get(name)!;
  };

  const counts = { new: 0, picture: 0, mask: 0, none: 0 };
  for (const { item, maskSha256, change, known, gone } of plan) {
    counts[change]++;
    if (change === 'none') continue;
    const typeId = typeOf(item.type);
    let imageId = known?.id;
    if (change !== 'mask' || imageId === undefined) {
      imageId = clock.newId();
      for (const row of known === null ? gone : [known, ...gone]) supersedeImage(db, row.id, imageId);
      insertImage(db, {
        id: imageId,
        productId,
        role: item.role,
        split: keptSplit(known, item),
        typeId,
        blob: item.sha256,
        source,
        file: item.file,
        width: item.width,
        height: item.height,
        channels: item.channels,
        bitDepth: item.bitDepth,
        group: known !== null && known.importedGroup === item.group ? known.group : item.group,
        importedSplit: item.split,
        importedGroup: item.group,
        createdAt: at,
      });
    }
    if (maskSha256 === null) continue;
    if (typeId === null)
      throw new AppError('bad-dataset', 'a mask without a defect type', { file: item.file });
    const mask = { imageId, typeId, origin: 'import' as const, blob: maskSha256, areaPx: item.maskAreaPx };
    addRevision(db, { id: clock.newId(), createdAt: at, ...mask });
  }
  appendAudit(db, at, { event: 'imported', product: report.product, layout: report.layout, ...counts });
}

/** What the user has set stays until the folder says something new. */
function keptSplit(known: LabelledImage | null, item: ImportItem): ImageSplit | null {
  return known !== null && known.importedSplit === item.split ? known.split : item.split;
}

function productOf(workspace: Workspace, clock: Clock, name: string): string {
  const known = findProduct(workspace.db, name);
  if (known !== undefined) return known.id;
  const id = clock.newId();
  insertProduct(workspace.db, { id, name, createdAt: clock.now() });
  return id;
}
