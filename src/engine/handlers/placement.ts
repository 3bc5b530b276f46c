// Where new defects go, in a request, in a stored run and in a run's identity.

import type { PlacementInput } from '../../contract/methods/generation.ts';
import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import { sha256 } from '../blobs/blob-reader.ts';
import type { DatasetPicture, Generator, Placement } from '../services.ts';
import { getPlacementMask, type PlacementMaskRow } from '../store/placement-masks.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import type { RunDataset } from './run-dataset.ts';

/** As the window sends it: painted masks by their ids. */
export type StoredPlacement = PlacementInput;

interface Asked {
  placement?: StoredPlacement;
  sources?: string[];
}

/** Generators that put a defect of a chosen shape into a good picture. */
const PLACING: readonly Generator[] = ['windows', 'blend', 'paste', 'anogen'];

/** What a run stores; nothing where nothing was asked for, so that older runs stay what they were. */
export function placementParams({ placement, sources }: Asked): Asked {
  return {
    ...(placement !== undefined && !isDefault(placement) && { placement }),
    ...(sources !== undefined && { sources }),
  };
}

/** A wish that a generator cannot meet is refused, not ignored. */
export function refusePlacement({
  generator,
  masks,
  placement,
}: Asked & { generator: Generator; masks: string }): void {
  if (placement === undefined || isDefault(placement)) return;
  const { where, size, defects } = placement;
  if (!PLACING.includes(generator)) {
    throw new AppError('usage', `"${generator}" draws whole windows: it cannot be told where a defect lies`, {
      hint: `Use one of ${PLACING.join(', ')}, or leave placement, size, number and strength as they are.`,
    });
  }
  if (where.kind === 'mask' && generator !== 'windows') {
    throw new AppError(
      'usage',
      `"${generator}" takes its shapes from real defects, not from a painted mask`,
      {
        hint: 'Use the generator "windows" for a mask painted by hand.',
      },
    );
  }
  if (generator === 'anogen' && defects !== 1) {
    throw new AppError('usage', '"anogen" draws one box per picture', {
      hint: 'Leave the number of defects at 1.',
    });
  }
  const given = masks !== 'real' && masks !== 'model';
  const reshaped = size !== 1 || defects !== 1;
  const placed = given && where.kind !== 'learned';
  if (placed || ((given || where.kind === 'mask') && reshaped)) {
    throw new AppError('usage', 'masks that are given are taken as they are', {
      hint: 'Leave place, size and number of defects as learned, or take the shapes of the real defects.',
    });
  }
}

/** The request's part, with where the masks lie, the chosen good pictures, and what of it counts for the identity. */
export function openPlacement(workspace: ReadableWorkspace, dataset: RunDataset, asked: Asked) {
  const { placement, sources } = asked;
  const painted = placement === undefined ? null : paintedMask(workspace, dataset, placement);
  const normals = chooseSources(dataset, painted?.use === 'mask' ? [painted.imageId] : sources);
  const identity: JsonObject = {};
  if (placement !== undefined) {
    const { where, ...wish } = placement;
    const place = painted === null ? where : { kind: where.kind, mask: painted.blob };
    identity.placement = JSON.parse(JSON.stringify({ ...wish, where: place }));
  }
  if (placement !== undefined || sources !== undefined) {
    identity.sources = sha256(Buffer.from(normals.map(({ sha256: hash }) => hash).join('\n')));
  }
  return {
    placement: placement === undefined ? null : opened(workspace, placement, painted),
    normals,
    identity,
  };
}

function opened(
  { blobs }: ReadableWorkspace,
  { where, ...wish }: StoredPlacement,
  painted: PlacementMaskRow | null,
): Placement {
  if (where.kind === 'learned' || where.kind === 'box') return { ...wish, where };
  return { ...wish, where: { kind: where.kind, file: blobs.path(painted!.blob) } };
}

function paintedMask(
  workspace: ReadableWorkspace,
  { product }: RunDataset,
  { where }: StoredPlacement,
): PlacementMaskRow | null {
  if (where.kind === 'learned' || where.kind === 'box') return null;
  const row = getPlacementMask(workspace.db, where.mask);
  if (row !== undefined && row.productId === product.id && row.use === where.kind) return row;
  throw new AppError('not-found', `"${product.name}" has no painted mask ${where.mask}`, {
    hint: 'Paint it again.',
  });
}

function chooseSources(
  { product, normals }: RunDataset,
  wanted: readonly string[] | undefined,
): DatasetPicture[] {
  if (wanted === undefined) return normals;
  const asked = new Set(wanted);
  const chosen = normals.filter(({ id }) => asked.has(id));
  if (chosen.length === asked.size) return chosen;
  throw new AppError('usage', `${asked.size - chosen.length} of the chosen pictures cannot be used`, {
    hint: `Only good pictures of "${product.name}" outside the test split may carry new defects.`,
  });
}

function isDefault(placement: StoredPlacement): boolean {
  return (
    placement.where.kind === 'learned' &&
    placement.size === 1 &&
    placement.defects === 1 &&
    placement.strength === 1
  );
}
