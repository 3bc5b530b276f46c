// Finds the document of a picture's label, or begins one from the masks that are there.

import { regionOf } from '../../core/labels/regions.ts';
import { FOREGROUND_LAYER, IGNORE_LAYER } from '../../core/labels/step.ts';
import { estimateForeground } from '../../core/recipes/windows/foreground.ts';
import type { Clock } from '../ids.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { LabelledImage } from '../store/images.ts';
import {
  currentZone,
  findLabelDocument,
  type LabelDocumentRow,
  type LabelSubject,
  type StoredBase,
  startDocument,
} from '../store/label-documents.ts';
import type { Workspace } from '../workspace.ts';
import { labelKeyOf, rowsOf, signatureOf } from './label-rows.ts';

/** A label that an import or another program has changed since begins anew from what is there. */
export async function openDocument(
  workspace: Workspace,
  clock: Clock,
  image: LabelledImage,
  subject: LabelSubject,
): Promise<LabelDocumentRow> {
  const { db } = workspace;
  const key = labelKeyOf(image, subject);
  const rows = subject === 'picture' ? rowsOf(db, key) : [];
  const known = findLabelDocument(db, key);
  const written = signatureOf(rows);
  if (known !== undefined && (known.written === written || known.version !== known.settled)) return known;
  const base =
    subject === 'picture'
      ? await pictureBase(workspace, image, rows, known)
      : await foregroundBase(workspace, image);
  db.transaction(() => {
    // Another call may have begun it in the meantime.
    if (findLabelDocument(db, key)?.written === written) return;
    startDocument(db, key, { id: clock.newId(), base, written });
  });
  return findLabelDocument(db, key)!;
}

async function pictureBase(
  workspace: Workspace,
  image: LabelledImage,
  rows: readonly LabelledImage[],
  known: LabelDocumentRow | undefined,
): Promise<StoredBase> {
  const blobs: Record<string, string> = {};
  for (const row of rows) if (row.typeId !== null && row.maskBlob !== null) blobs[row.typeId] = row.maskBlob;
  const ignore = known === undefined ? null : currentZone(workspace.db, known.id);
  if (ignore !== null) blobs[IGNORE_LAYER] = ignore;
  const masks = [];
  for (const [layer, blob] of Object.entries(blobs)) {
    const { mask } = await decodeMask(await workspace.blobs.get(blob), image, {
      name: `mask of ${image.file}`,
    });
    masks.push({ layer, region: regionOf(mask) });
  }
  const bare = rows.filter((row) => row.role === 'defect' && row.typeId !== null && row.maskBlob === null);
  const other = rows.find((row) => row.typeId === null || row.role !== 'defect');
  return {
    mark: other?.role ?? 'unlabelled',
    types: bare.map((row) => row.typeId!),
    masks,
    blobs,
  };
}

/** Where the product seems to be; all of the picture where it fills it. */
async function foregroundBase(workspace: Workspace, image: LabelledImage): Promise<StoredBase> {
  const { raster } = await decodePicture(await workspace.blobs.get(image.blob), { name: image.file });
  const region = regionOf(estimateForeground(raster).mask);
  return { mark: 'unlabelled', types: [], masks: [{ layer: FOREGROUND_LAYER, region }], blobs: {} };
}
