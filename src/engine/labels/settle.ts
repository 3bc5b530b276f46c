// Turns painted steps into what the dataset holds: rows per type, masks as blobs with a new revision, zones.

import { LabelDocument } from '../../core/labels/document.ts';
import { tilesOfRegion } from '../../core/labels/regions.ts';
import { FOREGROUND_LAYER, IGNORE_LAYER, type LayerId } from '../../core/labels/step.ts';
import type { TileMask } from '../../core/labels/tile-mask.ts';
import type { Clock } from '../ids.ts';
import { encodeFlatMaskPng } from '../imaging/encode-mask.ts';
import { addRevision } from '../store/annotations.ts';
import { appendAudit } from '../store/audit.ts';
import { insertImage, type LabelledImage, supersedeImage } from '../store/images.ts';
import {
  addZone,
  currentZone,
  getLabelDocument,
  type LabelDocumentRow,
  listSteps,
  markSettled,
  waitingDocuments,
} from '../store/label-documents.ts';
import type { Workspace } from '../workspace.ts';
import { rowsOf, signatureOf } from './label-rows.ts';

/** Masks as they are to be stored, by layer; layers without a pixel are left out. */
type Masks = Map<LayerId, { blob: string; areaPx: number }>;

/** Brings every label up to date: what is painted counts for whatever comes next. Gives how many there were. */
export async function settleLabels(workspace: Workspace, clock: Clock): Promise<number> {
  const waiting = waitingDocuments(workspace.db);
  for (const id of waiting) await settleDocument(workspace, clock, id);
  return waiting.length;
}

/** False where there was nothing to do. Strokes that come in the meantime wait for the next time. */
export async function settleDocument(workspace: Workspace, clock: Clock, id: string): Promise<boolean> {
  const { db } = workspace;
  const row = getLabelDocument(db, id);
  if (row === undefined || row.version === row.settled) return false;
  const rows = row.subject === 'picture' ? rowsOf(db, row) : [];
  const size = row.subject === 'picture' ? rows[0] : sizeOf(row.file);
  if (size === undefined) {
    // The file has changed: its label went with it.
    db.transaction(() => markSettled(db, id, row.version, row.written));
    return false;
  }
  const document = new LabelDocument(size, row.base, listSteps(db, id), row.head);
  const masks = await storeMasks(workspace, row, document);
  db.transaction(() => {
    const at = clock.now();
    const zone = masks.get(row.subject === 'picture' ? IGNORE_LAYER : FOREGROUND_LAYER)?.blob ?? null;
    const changed = row.subject === 'picture' || row.head > 0 ? zone : null;
    if (changed !== currentZone(db, id)) addZone(db, id, changed, at);
    if (row.subject === 'picture') writeRows(workspace, clock, rowsOf(db, row), document, masks);
    const now = row.subject === 'picture' ? signatureOf(rowsOf(db, row)) : row.written;
    if (now !== row.written || row.subject === 'foreground')
      appendAudit(db, at, { event: 'labelled', subject: row.subject, file: row.file, steps: row.head });
    markSettled(db, id, row.version, now);
  });
  return true;
}

/** A layer that is as it was at the beginning keeps the file it came from. */
async function storeMasks(
  workspace: Workspace,
  { base }: LabelDocumentRow,
  document: LabelDocument,
): Promise<Masks> {
  const masks: Masks = new Map();
  for (const [layer, tiles] of document.layers) {
    if (tiles.isEmpty()) continue;
    const blob = unchangedBlob(base, layer, tiles) ?? (await putMask(workspace, tiles));
    masks.set(layer, { blob, areaPx: tiles.area() });
  }
  return masks;
}

function unchangedBlob(base: LabelDocumentRow['base'], layer: LayerId, tiles: TileMask): string | null {
  const blob = base.blobs[layer];
  const before = base.masks.find((mask) => mask.layer === layer);
  if (blob === undefined || before === undefined) return null;
  return tiles.equals(tilesOfRegion(before.region, tiles.width, tiles.height)) ? blob : null;
}

async function putMask(workspace: Workspace, tiles: TileMask): Promise<string> {
  const { hash } = await workspace.blobs.put(await encodeFlatMaskPng(tiles.toMask()));
  return hash;
}

/** One row per type; rows that say something else get a successor, so that the past stays as it was. */
function writeRows(
  workspace: Workspace,
  clock: Clock,
  rows: readonly LabelledImage[],
  document: LabelDocument,
  masks: Masks,
): void {
  const { db } = workspace;
  const at = clock.now();
  const mark = document.mark();
  const types = mark === 'defect' ? document.types() : [];
  // A picture without a defect may carry the type its folder was named after.
  const isRight = (row: LabelledImage): boolean =>
    row.role === mark &&
    (types.length === 0
      ? row.maskBlob === null
      : row.typeId !== null &&
        types.includes(row.typeId) &&
        (row.maskBlob === null || masks.has(row.typeId)));
  const kept = rows.filter(isRight);
  const wanted = types.length > 0 ? types : kept.length > 0 ? [] : [null];
  const made = wanted
    .filter((type) => !kept.some((row) => row.typeId === type))
    .map((typeId) => ({ ...rows[0], id: clock.newId(), role: mark, typeId, createdAt: at }));
  const heir = (row: LabelledImage): string =>
    (made.find((m) => m.typeId === row.typeId) ?? made[0] ?? kept[0]).id;
  for (const row of rows) if (!kept.includes(row)) supersedeImage(db, row.id, heir(row));
  for (const row of made) insertImage(db, row);
  for (const row of [...kept, ...made.map((m) => ({ ...m, maskBlob: null }))]) {
    const mask = row.typeId === null ? undefined : masks.get(row.typeId);
    if (mask === undefined || mask.blob === row.maskBlob) continue;
    const revision = { imageId: row.id, typeId: row.typeId!, origin: 'user' as const, ...mask };
    addRevision(db, { id: clock.newId(), createdAt: at, ...revision });
  }
}

function sizeOf(text: string): { width: number; height: number } {
  const [width, height] = text.split('x').map(Number);
  return { width, height };
}
