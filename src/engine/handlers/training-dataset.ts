// The pictures a training works with: few defects for the generators, few good pictures for AnomalySD.

import { AppError } from '../../core/base/errors.ts';
import { namedRng } from '../../core/base/rng.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { datasetRevision } from '../store/dataset-revision.ts';
import { listImages } from '../store/images.ts';
import type { Product } from '../store/products.ts';
import type { TrainMethod } from '../training/methods.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { toDatasetPicture } from './pictures.ts';
import { chooseDataset, type RunDataset } from './run-dataset.ts';

/** Pictures where nothing is asked: AnoGen's three, AnomalySD's four. */
const USUAL: Readonly<Partial<Record<TrainMethod, number>>> = { anogen: 3, anomalysd: 4 };

export interface TrainingShots {
  method: TrainMethod;
  shots: number | null;
  shotSeed: number;
  /** The only defect type to learn. */
  type?: string;
}

export function chooseTrainingDataset(
  workspace: ReadableWorkspace,
  product: Product,
  { method, type, ...asked }: TrainingShots,
): RunDataset {
  const shots = asked.shots ?? USUAL[method] ?? null;
  if (method === 'anomalysd') {
    if (type === undefined) return chooseGoodPictures(workspace, product, shots as number, asked.shotSeed);
    throw new AppError('usage', '--type does not go with --method anomalysd', {
      hint: 'It learns from good pictures only.',
    });
  }
  const dataset = chooseDataset(workspace, product, { ...asked, shots });
  const notes = asked.shots === null && shots !== null ? [] : dataset.notes;
  if (type === undefined) return { ...dataset, notes };
  if (method !== 'anogen') {
    throw new AppError('usage', `--type does not go with --method ${method}`, {
      hint: 'It learns all defect types of the product at once.',
    });
  }
  if (!dataset.types.includes(type)) {
    throw new AppError('usage', `there is no defect type "${type}"`, {
      hint: `Give one of these with --type: ${dataset.types.join(', ')}.`,
    });
  }
  const own = <P extends { type: string | null }>(pictures: readonly P[]) =>
    pictures.filter((picture) => picture.type === type);
  return { ...dataset, types: [type], shots: own(dataset.shots), heldOut: own(dataset.heldOut), notes };
}

/** Good pictures outside the test split, each content once: by file name, then shuffled by the seed. */
function chooseGoodPictures(
  workspace: ReadableWorkspace,
  product: Product,
  count: number,
  shotSeed: number,
): RunDataset {
  const normals = listImages(workspace.db, product.id).filter((image) => image.role === 'normal');
  const training = normals.filter((image) => image.split !== 'test');
  const byContent = new Map((training.length > 0 ? training : normals).map((image) => [image.blob, image]));
  const sorted = [...byContent.values()].sort((a, b) => compareCodePoints(a.file, b.file));
  if (sorted.length === 0) {
    throw new AppError('bad-dataset', `"${product.name}" has no good pictures`, {
      hint: 'AnomalySD learns from a few good pictures: import some.',
    });
  }
  const order = namedRng(shotSeed, 'few good pictures').permutation(sorted.length);
  const chosen = order.slice(0, count).map((i) => sorted[i]);
  const rest = order.slice(count).map((i) => sorted[i]);
  return {
    product,
    revision: datasetRevision(workspace.db, product.id),
    types: [],
    shots: chosen.map((image) => toDatasetPicture(image, workspace.blobs)),
    heldOut: [],
    normals: rest.map((image) => toDatasetPicture(image, workspace.blobs)),
    notes: chosen.length < count ? [`${chosen.length} good pictures are there, ${count} were asked for`] : [],
  };
}
