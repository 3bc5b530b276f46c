// training.preflight: what would spoil a fine-tune, said before minutes of work.

import { statfs } from 'node:fs/promises';
import type { Finding } from '../../contract/methods/training.ts';
import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { usableMemory } from '../runtime/usable-memory.ts';
import type { DatasetPicture, TrainRequest } from '../services.ts';
import { countImages } from '../store/images.ts';
import type { TrainMethod } from '../training/methods.ts';
import { pictureFindings } from '../training/picture-findings.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { chooseProduct } from './choose-product.ts';
import type { RunDataset } from './run-dataset.ts';
import { requestFor, type TrainChoice } from './train-forecast.ts';

/** Rank of the adapters that are offered where the whole network does not fit. */
const SMALL_RANK = 8;
const SHOWN = 8;
const PACK_ERRORS: ReadonlySet<string> = new Set(['bad-pack', 'bad-weights', 'not-found']);

export interface PreflightChoice extends TrainChoice {
  preset: TrainRequest['preset'];
}

type Unplanned = Omit<TrainRequest, 'plan'>;

export async function preflightTraining(context: EngineContext, choice: PreflightChoice) {
  return context.reading(async (workspace) => {
    const product = chooseProduct(workspace.db, choice.product);
    const unlabelled = unlabelledFinding(workspace, product.id);
    try {
      const { unplanned, dataset } = await requestFor(context, workspace, choice, choice.preset);
      const findings = [
        ...datasetFindings(workspace, dataset, choice.method),
        ...(await pictureFindings(dataset.shots, unplanned.pack)),
        ...unlabelled,
        ...(await memoryFindings(context, unplanned, choice.memory)),
        ...(await diskFindings(context, workspace, unplanned)),
      ];
      const shots = dataset.shots.map(({ id, file, type }) => ({ id, file, type: type ?? '' }));
      const { normals, heldOut } = dataset;
      return { findings, shots, normals: normals.length, heldOut: heldOut.length };
    } catch (error) {
      const stop = stopOf(error);
      if (stop === null) throw error;
      return { findings: [stop, ...unlabelled], shots: [], normals: 0, heldOut: 0 };
    }
  });
}

/** What makes a request impossible, as a finding; null where it is another error. */
function stopOf(error: unknown): Finding | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'bad-dataset') return finding('no-good', { stops: true, fix: 'pictures' });
  if (error.code === 'no-defects') return finding('no-defects', { stops: true, fix: 'label' });
  const facts = { reason: error.message, file: error.details.file ?? '' };
  if (error.code === 'unsupported') return finding('device', { stops: true, fix: 'auto-device', facts });
  if (!PACK_ERRORS.has(error.code)) return null;
  return finding('pack', { stops: true, fix: 'embedded-pack', facts });
}

function finding(code: Finding['code'], rest: Partial<Finding>): Finding {
  return { code, stops: false, type: null, pictures: [], facts: {}, fix: null, ...rest };
}

function unlabelledFinding({ db }: ReadableWorkspace, productId: string): Finding[] {
  const count = countImages(db, productId)
    .filter((c) => c.role === 'unlabelled')
    .reduce((n, c) => n + c.count, 0);
  return count === 0 ? [] : [finding('unlabelled', { facts: { count }, fix: 'label' })];
}

function datasetFindings({ db }: ReadableWorkspace, dataset: RunDataset, method: TrainMethod): Finding[] {
  // It learns from good pictures, and is tried on the others.
  if (method === 'anomalysd') return [];
  const { product, types, shots, heldOut, normals } = dataset;
  const labelled = countImages(db, product.id).filter((c) => c.role === 'defect');
  const single = types.filter((type) => shots.filter((shot) => shot.type === type).length === 1);
  const one = single.map((type) => {
    const total = labelled.filter((c) => c.type === type).reduce((n, c) => n + c.count, 0);
    const pictures = named(shots.filter((shot) => shot.type === type));
    // With more pictures at hand the user has asked for a single shot.
    return finding('one-picture', { type, pictures, facts: { total }, fix: total > 1 ? null : 'label' });
  });
  return [
    ...(normals.length === 0 ? [finding('no-good', { fix: 'pictures' })] : []),
    ...one,
    ...(heldOut.length === 0 ? [finding('no-held-out', { fix: 'label' })] : []),
  ];
}

const named = (pictures: readonly DatasetPicture[]) =>
  pictures.slice(0, SHOWN).map(({ id, file }) => ({ id, file }));

async function memoryFindings(
  context: EngineContext,
  request: Unplanned,
  allowed: number | undefined,
): Promise<Finding[]> {
  const budget = allowed ?? usableMemory();
  const { training } = context.services;
  try {
    const { bytes } = await training.plan(request, budget);
    if (request.device !== 'cpu') return [];
    const free = process.availableMemory() + process.memoryUsage.rss();
    return bytes <= free ? [] : [finding('memory-busy', { facts: { bytes, free }, fix: 'again' })];
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'usage') throw error;
    const facts = { reason: error.message, budget };
    const fits = request.adapterRank === 0 && (await fitsWithAdapters(context, request, budget));
    return [finding('memory', { stops: true, facts, fix: fits ? 'adapters' : 'again' })];
  }
}

async function fitsWithAdapters(
  context: EngineContext,
  request: Unplanned,
  budget: number,
): Promise<boolean> {
  try {
    await context.services.training.plan({ ...request, adapterRank: SMALL_RANK }, budget);
    return true;
  } catch {
    return false;
  }
}

async function diskFindings(
  context: EngineContext,
  { folder }: ReadableWorkspace,
  request: Unplanned,
): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const { training } = context.services;
  const { diskBytes } = await training.outline(request);
  if (diskBytes <= free) return [];
  const small = await training.outline({ ...request, adapterRank: SMALL_RANK });
  const fits = request.adapterRank === 0 && small.diskBytes <= free;
  const facts = { needed: diskBytes, free, folder };
  return [finding('disk', { stops: true, facts, fix: fits ? 'adapters' : 'again' })];
}
