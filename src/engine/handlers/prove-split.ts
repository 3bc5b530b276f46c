// Which pictures a proof would use, what leaks, and what stands in its way.

import { AppError } from '../../core/base/errors.ts';
import { findLeaks, type Leak, leakSentence, withoutLeaks } from '../../core/prove/leak-guard.ts';
import { type ProofSplit, splitForProof } from '../../core/prove/split.ts';
import type { DatasetPicture, StoredPicture } from '../services.ts';
import { listGenerations } from '../store/generations.ts';
import { getImage, listImages } from '../store/images.ts';
import { listLooks } from '../store/looks.ts';
import type { Product } from '../store/products.ts';
import { getRun } from '../store/runs.ts';
import { findTokenSet } from '../store/token-sets.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import type { GenerateParams } from './generate-request.ts';
import { toDatasetPicture, toStoredPicture } from './pictures.ts';
import { chooseDataset } from './run-dataset.ts';

export interface SplitParams {
  shots: number;
  shotSeed: number;
  leaveOutLeaks: boolean;
}

export interface ChosenSplit {
  split: ProofSplit;
  /** Pairs that leak; empty once they are left out. */
  leaks: Leak[];
  /** By id. */
  pictures: Map<string, DatasetPicture>;
}

/** Reads the pictures that the split uses, to find those that show nearly the same. */
export async function chooseSplit(
  workspace: ReadableWorkspace,
  product: Product,
  params: SplitParams,
  options: { signal: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<ChosenSplit> {
  const { findNearGroups, toProofPicture } = await import('../prove/pictures.ts');
  const images = listImages(workspace.db, product.id);
  const pictures = new Map(images.map((image) => [image.id, toDatasetPicture(image, workspace.blobs)]));
  const split = splitForProof(images.map(toProofPicture), params);
  const looks = new Map(listLooks(workspace.db, product.id).map(({ key, values }) => [key, values]));
  const pathOf = (p: { id: string }): string => pictures.get(p.id)!.path;
  const near = await findNearGroups(split, { ...options, looks, pathOf });
  const leaks = findLeaks(split, near);
  if (!params.leaveOutLeaks) return { split, leaks, pictures };
  return { split: withoutLeaks(split, leaks), leaks: [], pictures };
}

/** Throws what keeps the proof from being worth anything; the leaking pair first. */
export function assertProvable(product: Product, { split, leaks }: ChosenSplit): void {
  const error = refusalOf(product, { split, leaks });
  if (error !== null) throw error;
}

export function refusalOf(
  product: Product,
  { split, leaks }: Omit<ChosenSplit, 'pictures'>,
): AppError | null {
  const refuse = (message: string, hint: string, file?: string) =>
    new AppError('bad-dataset', message, { hint, ...(file !== undefined && { file }) });
  if (leaks.length > 0) {
    const more = leaks.length > 1 ? ` (and ${leaks.length - 1} more test pictures)` : '';
    return refuse(
      `the test set leaks: ${leakSentence(leaks[0])}${more}`,
      'Put both into one split, delete one, or leave such test pictures out with --leave-out-leaks.',
      leaks[0].test.file,
    );
  }
  if (split.shots.length === 0) {
    const enough =
      split.types.map((type) => `${type.type} has ${type.total}`).join(', ') || 'none is labelled';
    return refuse(
      `"${product.name}" has too few labelled defects to keep some for testing: ${enough}`,
      'A type needs at least 4: 3 are kept for training. Label more pictures.',
    );
  }
  if (!split.tests.some((test) => test.isDefect))
    return refuse(
      `"${product.name}" has no defect picture left to test on`,
      split.leftOut.length > 0
        ? 'Every one shows a part that is trained on. Bring in pictures of other parts.'
        : 'Label more pictures.',
    );
  if (split.trainingNormals.length === 0)
    return refuse(
      `"${product.name}" has no good picture to train on`,
      'Add pictures without a defect: train/good in MVTec layout.',
    );
  return null;
}

/** Accepted pictures that know nothing of the test set: neither were they made from it nor on it. */
export function acceptedPictures(
  workspace: ReadableWorkspace,
  product: Product,
  split: ProofSplit,
): { usable: StoredPicture[]; leftOut: number } {
  const tested = new Set(split.tests.flatMap((test) => test.rows.map((row) => row.sha256)));
  const accepted = listGenerations(workspace.db, { productId: product.id, status: 'accepted' })
    .filter((row) => row.maskBlob !== null)
    .filter((row) => split.types.some((type) => type.type === row.type && type.shots > 0));
  const runs = [...new Set(accepted.map((row) => row.runId))];
  const seen = new Set(
    runs.filter((id) => shotsOfRun(workspace, product, id).some((sha) => tested.has(sha))),
  );
  const usable = accepted
    .filter((row) => !seen.has(row.runId))
    .map((row) => toStoredPicture(row, workspace))
    .filter(({ source }) => source === null || !tested.has(source.sha256));
  return { usable, leftOut: accepted.length - usable.length };
}

/** Contents of the real defects that a generation run looked at. */
function shotsOfRun(workspace: ReadableWorkspace, product: Product, runId: string): string[] {
  const { db } = workspace;
  const params = getRun(db, runId)!.params as unknown as GenerateParams;
  const learned = params.tokenSet === null ? undefined : findTokenSet(db, params.tokenSet);
  if (learned === undefined)
    return chooseDataset(workspace, product, params).shots.map((shot) => shot.sha256);
  return learned.shots.map((id) => getImage(db, id)!.blob);
}
