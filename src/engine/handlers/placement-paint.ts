// generation.paintPlacement, painted and outline: masks painted by hand that say where new defects go.

import type { RunLengths } from '../../contract/methods/generation.ts';
import { AppError } from '../../core/base/errors.ts';
import { maskToRle, rleToMask } from '../../core/formats/coco-rle.ts';
import { fullMask } from '../../core/image/mask-ops.ts';
import { type Mask, maskArea } from '../../core/image/raster.ts';
import type { EngineContext } from '../engine-context.ts';
import { getImage, type LabelledImage, listImages } from '../store/images.ts';
import {
  insertPlacementMask,
  latestPlacementMask,
  type PlacementMaskRow,
  type PlacementUse,
} from '../store/placement-masks.ts';
import type { ReadableWorkspace, Workspace } from '../workspace.ts';
import { chooseProduct } from './choose-product.ts';
import { toDatasetPicture } from './pictures.ts';

export function toRunLengths(mask: Mask): RunLengths {
  return { width: mask.width, height: mask.height, counts: maskToRle(mask).counts };
}

/** Throws `bad-mask` where the run lengths are damaged, empty or of another size. */
export function fromRunLengths(
  { width, height, counts }: RunLengths,
  of: { width: number; height: number },
): Mask {
  const mask = rleToMask({ size: [height, width], counts }, of);
  if (maskArea(mask) > 0) return mask;
  throw new AppError('bad-mask', 'nothing is painted', { hint: 'Paint at least one pixel.' });
}

export async function paintPlacement(
  context: EngineContext,
  input: { use: PlacementUse; picture: string; mask: RunLengths },
) {
  const workspace = await context.writable();
  const image = findNormal(workspace, input.picture);
  return storePlacementMask(context, workspace, { ...input, image });
}

export async function storePlacementMask(
  { clock }: EngineContext,
  workspace: Workspace,
  { use, image, mask: lengths }: { use: PlacementUse; image: LabelledImage; mask: RunLengths },
) {
  const mask = fromRunLengths(lengths, image);
  const { encodeMaskPng } = await import('../imaging/index.ts');
  const blob = await workspace.blobs.put(await encodeMaskPng(mask));
  const row: PlacementMaskRow = {
    id: clock.newId(),
    productId: image.productId,
    use,
    imageId: image.id,
    blob: blob.hash,
    width: mask.width,
    height: mask.height,
    areaPx: maskArea(mask),
    createdAt: clock.now(),
  };
  workspace.db.transaction(() => insertPlacementMask(workspace.db, row));
  return toPainted(row, mask);
}

export async function paintedLast(context: EngineContext, input: { product?: string; use: PlacementUse }) {
  return context.reading(async ({ db, blobs }) => {
    const row = latestPlacementMask(db, chooseProduct(db, input.product).id, input.use);
    if (row === undefined) return null;
    const { decodeMask } = await import('../imaging/index.ts');
    const { mask } = await decodeMask(await blobs.get(row.blob), row, { name: 'painted mask' });
    return toPainted(row, mask);
  });
}

export async function outline(context: EngineContext, { picture }: { picture: string }) {
  return context.reading(async (workspace) => {
    const image = findNormal(workspace, picture);
    const normals = listImages(workspace.db, image.productId).filter(({ role }) => role === 'normal');
    const [{ judgeProduct }, { foregroundOf }, { decodePicture }] = await Promise.all([
      import('../sampling/sources.ts'),
      import('../datasets/material.ts'),
      import('../imaging/index.ts'),
    ]);
    const kind = await judgeProduct(normals.map((row) => toDatasetPicture(row, workspace.blobs)));
    const { raster } = await decodePicture(workspace.blobs.path(image.blob), { name: image.file });
    const found = foregroundOf(raster, kind);
    const mask = found ?? fullMask(raster.width, raster.height);
    return { mask: toRunLengths(mask), fillsPicture: found === null };
  });
}

function toPainted({ id, use, imageId, areaPx }: PlacementMaskRow, mask: Mask) {
  return { id, use, picture: imageId, areaPx, mask: toRunLengths(mask) };
}

function findNormal({ db }: ReadableWorkspace, id: string): LabelledImage {
  const image = getImage(db, id);
  if (image?.role === 'normal') return image;
  throw new AppError('not-found', `there is no good picture ${id} in this workspace`, {
    hint: 'New defects are painted on pictures of good parts.',
  });
}
