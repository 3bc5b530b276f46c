// review.nearest, mask and repair: the work on one generated picture.

import type { RunLengths } from '../../contract/methods/generation.ts';
import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import type { RealMarks } from '../review/real-marks.ts';
import { appendAudit } from '../store/audit.ts';
import { datasetRevision } from '../store/dataset-revision.ts';
import type { GenerationWithStatus } from '../store/generations.ts';
import { getImage, listImages } from '../store/images.ts';
import { addRepair } from '../store/repairs.ts';
import { insertReviewStep } from '../store/review-steps.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { toDatasetPicture } from './pictures.ts';
import { fromRunLengths, toRunLengths } from './placement-paint.ts';
import { findGenerated, toReviewed } from './review.ts';

/** Measured real defects by product, type and revision of the pictures; the newest few. */
const measured = new WeakMap<EngineContext, Map<string, Promise<RealMarks>>>();
const MOST_MEASURED = 12;

export async function nearestReal(context: EngineContext, { id }: { id: string }) {
  return context.reading(async (workspace) => {
    const row = findGenerated(workspace.db, id);
    if (row.maskBlob === null || row.type === null) return null;
    const [{ markThumb, nearestShot }, { decodeMask, decodePicture }, real] = await Promise.all([
      import('../../core/recipes/windows/nearest.ts'),
      import('../imaging/index.ts'),
      realMarks(context, workspace, row),
    ]);
    const { raster } = await decodePicture(workspace.blobs.path(row.imageBlob), { name: `picture ${id}` });
    const { mask } = await decodeMask(workspace.blobs.path(row.maskBlob), raster, { name: `mask of ${id}` });
    const own = markThumb(raster, mask, real.white);
    const found = own === null ? null : nearestShot(own, real.thumbs);
    if (own === null || found === null) return null;
    const { id: picture, file, width, height } = real.pictures[found.index];
    const rect = real.thumbs[found.index]!.rect;
    return {
      picture,
      file,
      width,
      height,
      distance: found.distance,
      rect: { ...rect },
      ownRect: { ...own.rect },
    };
  });
}

export async function maskOf(context: EngineContext, { id }: { id: string }) {
  return context.reading(async (workspace) => {
    const row = withMask(findGenerated(workspace.db, id));
    const { decodeMask } = await import('../imaging/index.ts');
    const { mask } = await decodeMask(workspace.blobs.path(row.maskBlob), row, { name: `mask of ${id}` });
    return toRunLengths(mask);
  });
}

export async function repair(context: EngineContext, input: { id: string; mask: RunLengths }) {
  const workspace = await context.writable();
  const { db, blobs } = workspace;
  const row = withMask(findGenerated(db, input.id));
  const newMask = fromRunLengths(input.mask, row);
  const source =
    row.sourceUse === 'source' && row.sourceImageId !== null ? getImage(db, row.sourceImageId) : undefined;
  const { repairPicture } = await import('../review/repair-picture.ts');
  const repaired = await repairPicture({
    image: blobs.path(row.madeImageBlob),
    mask: blobs.path(row.madeMaskBlob!),
    source: source === undefined ? null : { path: blobs.path(source.blob), file: source.file },
    newMask,
    real: await realMarks(context, workspace, row),
    checks: row.checks,
  });
  const mask = await blobs.put(repaired.mask);
  const image = repaired.image === null ? null : await blobs.put(repaired.image);
  const at = context.clock.now();
  db.transaction(() => {
    const version = {
      imageBlob: image?.hash ?? row.imageBlob,
      maskBlob: mask.hash,
      checks: repaired.checks,
      flags: repaired.flags,
    };
    const to = addRepair(db, row.id, version, at);
    insertReviewStep(db, row.productId, { kind: 'repair', generation: row.id, from: row.repairs, to }, at);
    appendAudit(db, at, { event: 'mask-repaired', picture: row.id, revision: to, mask: mask.hash });
  });
  return toReviewed(findGenerated(db, row.id));
}

function realMarks(
  context: EngineContext,
  workspace: ReadableWorkspace,
  { productId, type }: GenerationWithStatus,
): Promise<RealMarks> {
  const { db, blobs } = workspace;
  const known = measured.get(context) ?? new Map<string, Promise<RealMarks>>();
  measured.set(context, known);
  const key = JSON.stringify([productId, type, datasetRevision(db, productId)]);
  const there = known.get(key);
  if (there !== undefined) return there;
  const images = listImages(db, productId).map((image) => toDatasetPicture(image, blobs));
  const labelled = images.filter((p) => p.role === 'defect' && p.type === type && p.maskPath !== null);
  if (labelled.length === 0) {
    throw new AppError('no-defects', `there is no labelled picture of "${type}" any more`, {
      hint: 'Label at least one, then try again.',
    });
  }
  const task = import('../review/real-marks.ts').then(({ measureRealMarks }) =>
    measureRealMarks(
      labelled,
      images.filter((p) => p.role === 'normal'),
    ),
  );
  known.set(key, task);
  task.catch(() => known.delete(key));
  for (const old of known.keys()) if (known.size > MOST_MEASURED) known.delete(old);
  return task;
}

function withMask(row: GenerationWithStatus): GenerationWithStatus & { maskBlob: string } {
  if (row.maskBlob !== null) return { ...row, maskBlob: row.maskBlob };
  throw new AppError('usage', 'this picture has no defect, so it has no mask');
}
