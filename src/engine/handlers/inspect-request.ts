// What an inspection looks at and with what: the model, the pictures, the good ones for its threshold.

import { AppError } from '../../core/base/errors.ts';
import { namedRng } from '../../core/base/rng.ts';
import type { EngineContext } from '../engine-context.ts';
import type { InspectRequest, InspectSubject } from '../inspect-services.ts';
import type { DeviceChoice, RuntimeProfile } from '../services.ts';
import { getImage, type LabelledImage, listImages } from '../store/images.ts';
import { getPack } from '../store/packs.ts';
import { getProduct, type Product } from '../store/products.ts';
import { getRun } from '../store/runs.ts';
import { findTokenSet, listTokenSets, type TokenSetRow } from '../store/token-sets.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { chooseProduct } from './choose-product.ts';
import { packFor, toTokenSet } from './generate-request.ts';
import { toDatasetPicture } from './pictures.ts';

/** Good pictures the threshold rests on where nothing is asked. */
const GOODS = { fast: 40, full: 8 } as const;

export interface InspectChoice {
  model?: string;
  product?: string;
  pictures:
    | { kind: 'files'; paths: string[] }
    | { kind: 'imported'; ids: string[] }
    | { kind: 'split'; split: 'train' | 'test' | 'validation' };
  mode: 'fast' | 'full';
  goods?: number;
  device?: DeviceChoice;
  settings?: Record<string, string | number | boolean>;
}

/** A picture with what the workspace knows of it. */
export interface KnownSubject extends InspectSubject {
  readonly id: string | null;
  readonly label: 'good' | 'defect' | null;
}

export interface Inspection {
  /** Id of the token set. */
  readonly model: string;
  readonly product: string;
  readonly request: InspectRequest;
  readonly subjects: readonly KnownSubject[];
  readonly goods: readonly KnownSubject[];
  readonly profile: RuntimeProfile;
}

const isInspector = (row: TokenSetRow): boolean => row.config.method === 'anomalysd';

export async function inspectionModels(context: EngineContext, input: { product?: string }) {
  return context.reading(async (workspace) => {
    const product = chooseProduct(workspace.db, input.product);
    const models = [];
    for (const row of listTokenSets(workspace.db, product.id).filter(isInspector)) {
      models.push({
        id: row.id,
        runId: row.runId,
        createdAt: row.createdAt,
        shots: row.shots.length,
        pack: (row.packId === null ? undefined : getPack(workspace.db, row.packId))?.name ?? 'embedded',
        problem: await packFor(context, workspace, row).then(
          () => null,
          (error: unknown) => (error as Error).message,
        ),
      });
    }
    return { models };
  });
}

function chooseModel(
  workspace: ReadableWorkspace,
  product: Product,
  wanted: string | undefined,
): TokenSetRow {
  if (wanted === undefined) {
    const latest = listTokenSets(workspace.db, product.id).find(isInspector);
    if (latest !== undefined) return latest;
    throw new AppError('not-found', `"${product.name}" has no model that can inspect`, {
      hint: 'Train one on a few good pictures: flawsmith train --method anomalysd --shots 1',
    });
  }
  const found = findTokenSet(workspace.db, wanted);
  if (found?.productId !== product.id) {
    throw new AppError('not-found', `"${product.name}" has no training run or model ${wanted}`, {
      hint: 'List the runs with: flawsmith info',
    });
  }
  if (isInspector(found)) return found;
  const { method } = getRun(workspace.db, found.runId)!;
  throw new AppError('usage', `run ${found.runId} is of the method ${method}, which makes pictures`, {
    hint: 'Inspection needs a run of: flawsmith train --method anomalysd',
  });
}

export async function prepareInspection(
  context: EngineContext,
  workspace: ReadableWorkspace,
  input: InspectChoice,
  signal: AbortSignal,
): Promise<Inspection> {
  const product = productOf(workspace, input);
  const row = chooseModel(workspace, product, input.model);
  const images = listImages(workspace.db, product.id);
  const learned = new Set(row.shots);
  const subjects = await subjectsOf(context, workspace, images, input, signal);
  const shown = new Set(subjects.map((s) => s.sha256));
  const hashes = new Set(images.filter((i) => learned.has(i.id)).map((i) => i.blob));
  const spare = images.filter(
    (i) => i.role === 'normal' && i.split !== 'test' && !hashes.has(i.blob) && !shown.has(i.blob),
  );
  const goods = namedRng(0, 'good pictures of the threshold')
    .permutation(spare.length)
    .slice(0, input.goods ?? GOODS[input.mode])
    .map((i) => toSubject(workspace, spare[i]));
  const pack = await packFor(context, workspace, row);
  const profile = await context.services.devices.profile(input.device ?? 'auto');
  const request: InspectRequest = {
    tokenSet: toTokenSet(workspace, row),
    pack,
    device: profile.device,
    mode: input.mode,
    settings: input.settings ?? {},
    subjects: [],
  };
  return { model: row.id, product: product.name, request, subjects, goods, profile };
}

/** The product of the named model, where only that is named. */
function productOf(workspace: ReadableWorkspace, input: InspectChoice): Product {
  const row = input.model === undefined ? undefined : findTokenSet(workspace.db, input.model);
  const run = row === undefined ? undefined : getRun(workspace.db, row.runId);
  if (input.product !== undefined || run === undefined) return chooseProduct(workspace.db, input.product);
  return getProduct(workspace.db, run.productId)!;
}

function toSubject(workspace: ReadableWorkspace, image: LabelledImage): KnownSubject {
  const { file, path, sha256, width, height, ignorePath, foregroundPath } = toDatasetPicture(
    image,
    workspace.blobs,
  );
  const label = image.role === 'unlabelled' ? null : image.role === 'normal' ? 'good' : 'defect';
  return { id: image.id, label, file, path, sha256, width, height, ignorePath, foregroundPath };
}

async function subjectsOf(
  context: EngineContext,
  workspace: ReadableWorkspace,
  images: readonly LabelledImage[],
  { pictures }: InspectChoice,
  signal: AbortSignal,
): Promise<KnownSubject[]> {
  if (pictures.kind === 'files') {
    const files = await context.services.inspection.files(pictures.paths, signal);
    const known = new Map(images.map((image) => [image.blob, image]));
    return files.map((file) => {
      const image = known.get(file.sha256);
      return image === undefined
        ? { ...file, id: null, label: null }
        : { ...toSubject(workspace, image), file: file.file };
    });
  }
  if (pictures.kind === 'imported') {
    return pictures.ids.map((id) => {
      const image = getImage(workspace.db, id);
      if (image !== undefined) return toSubject(workspace, image);
      throw new AppError('not-found', `there is no picture ${id} in this workspace`);
    });
  }
  // A picture with defects of several types is one picture.
  const once = new Map(images.filter((i) => i.split === pictures.split).map((i) => [i.blob, i]));
  if (once.size > 0) return [...once.values()].map((image) => toSubject(workspace, image));
  throw new AppError('not-found', `there are no pictures in the split "${pictures.split}"`, {
    hint: 'Name pictures or folders instead.',
  });
}
