// The pictures a run works with: which defects it may see, what is held out, and the good ones.

import { AppError } from '../../core/base/errors.ts';
import { chooseShots } from '../../core/domain/few-shot.ts';
import type { DatasetPicture } from '../services.ts';
import { datasetRevision } from '../store/dataset-revision.ts';
import { type LabelledImage, listImages } from '../store/images.ts';
import type { Product } from '../store/products.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { toDatasetPicture } from './pictures.ts';

export interface RunDataset {
  product: Product;
  revision: string;
  /** Types that have at least one shot, by code point. */
  types: string[];
  shots: DatasetPicture[];
  heldOut: DatasetPicture[];
  normals: DatasetPicture[];
  /** What the user should know about the choice. */
  notes: string[];
}

export interface ShotRequest {
  /** Per type; null takes all that are kept for shots. */
  shots: number | null;
  shotSeed: number;
}

/** The reserve never holds more than this per type, so asking for as many means "all of it". */
const WHOLE_RESERVE = 8;

/**
 * Chooses as interfaces.md says, from the pictures of now or of `asOf` (ms since 1970); throws `no-defects` where nothing
 * is labelled.
 */
export function chooseDataset(
  workspace: ReadableWorkspace,
  product: Product,
  request: ShotRequest,
  asOf?: number,
): RunDataset {
  const images = listImages(workspace.db, product.id, asOf);
  const labelled = images.filter(
    (image) => image.role === 'defect' && image.type !== null && image.maskBlob !== null,
  );
  if (labelled.length === 0) {
    throw new AppError('no-defects', `"${product.name}" has no defect picture with a mask`, {
      hint: 'At least one is needed: import a folder with masks, then try again.',
    });
  }
  const kept = labelled.filter(isKeptOut);
  const files = labelled
    .filter((image) => !isKeptOut(image))
    .map((image) => ({ id: image.id, file: image.file, type: image.type! }));
  if (files.length === 0) {
    throw new AppError('no-defects', `every labelled defect of "${product.name}" is kept for testing`, {
      hint: 'Put at least one into train, in Pictures under Splits.',
    });
  }
  const choice = chooseShots(files, { shots: request.shots ?? WHOLE_RESERVE, shotSeed: request.shotSeed });
  const byId = new Map(labelled.map((image) => [image.id, toDatasetPicture(image, workspace.blobs)]));
  const shots = choice.shots.map((id) => byId.get(id)!);
  const chosen = new Set(choice.shots);
  const groups = new Set(shots.map((shot) => shot.group).filter((group) => group !== null));
  const contents = new Set(shots.map((shot) => shot.sha256));
  // The same physical part, or the same picture, in training and test would make any number look better than it is.
  const heldOut = [...choice.reserved, ...choice.test, ...kept.map(({ id }) => id)]
    .filter((id) => !chosen.has(id))
    .map((id) => byId.get(id)!)
    .filter((picture) => picture.group === null || !groups.has(picture.group))
    .filter((picture) => !contents.has(picture.sha256));
  return {
    product,
    revision: datasetRevision(workspace.db, product.id, asOf),
    types: choice.types.map((type) => type.type),
    shots,
    heldOut,
    normals: chooseNormals(workspace, images),
    notes:
      request.shots === null
        ? []
        : choice.types.filter((t) => t.note !== null).map((t) => `${t.type}: ${t.note}`),
  };
}

/** What the user himself has put into test or validation; an imported split says nothing about shots (decision 0016). */
function isKeptOut({ split, importedSplit }: LabelledImage): boolean {
  return split !== importedSplit && (split === 'test' || split === 'validation');
}

/** Good pictures outside the test split; all good ones where the source had no splits. */
function chooseNormals(workspace: ReadableWorkspace, images: readonly LabelledImage[]): DatasetPicture[] {
  const normals = images.filter((image) => image.role === 'normal');
  const training = normals.filter((image) => image.split !== 'test');
  return (training.length > 0 ? training : normals).map((image) => toDatasetPicture(image, workspace.blobs));
}
