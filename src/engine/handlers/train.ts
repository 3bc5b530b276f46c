// training.train: a new fine-tune or the rest of one that stopped.

import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import type { EngineContext } from '../engine-context.ts';
import { createRun, type ExecuteOptions, executeRun } from '../runs/run-manager.ts';
import type { TrainOutcome, TrainRequest } from '../services.ts';
import { getProduct } from '../store/products.ts';
import type { RunRow } from '../store/runs.ts';
import { insertTokenSet } from '../store/token-sets.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { chooseDataset, type RunDataset } from './run-dataset.ts';
import { assertSameIdentity, findResumable, identityOf, packIdOf } from './run-start.ts';

export interface NewTraining {
  method: 'seas' | 'anogen' | 'anomalysd';
  preset: 'quick' | 'balanced' | 'best';
  shots?: number;
  shotSeed: number;
  seed: number;
  adapterRank: number;
  steps?: number;
  attention: 'code' | 'token' | 'paper';
  product?: string;
  pack?: string;
}

/** What a training run stores, enough to build its request again. */
interface TrainParams {
  method: 'seas';
  preset: NewTraining['preset'];
  shots: number | null;
  shotSeed: number;
  seed: number;
  adapterRank: number;
  steps: number | null;
  attention: NewTraining['attention'];
  pack: string | null;
}

interface Prepared {
  run: RunRow;
  request: TrainRequest;
  notes: string[];
}

export async function train(context: EngineContext, input: NewTraining | { resume: string }, call: Call) {
  const workspace = await context.writable();
  const { run, request, notes } =
    'resume' in input
      ? await reopen(context, workspace, input.resume)
      : await prepare(context, workspace, input);
  for (const message of notes) call.emit({ event: 'log', level: 'warn', message });

  const tokenSet = context.clock.newId();
  let summary: JsonObject = {};
  const options: ExecuteOptions = {
    signal: call.signal,
    emit: call.emit,
    async work(runContext) {
      const outcome = await context.services.training.train(request, runContext);
      const files = await storeFiles(workspace, outcome);
      summary = outcome.summary;
      const row = { id: tokenSet, runId: run.id, productId: run.productId, packId: run.packId, files };
      return {
        outcome: { tokenSet, summary },
        commit: () =>
          insertTokenSet(workspace.db, {
            ...row,
            types: request.types,
            shots: request.shots.map((shot) => shot.id),
            config: outcome.config,
            createdAt: context.clock.now(),
          }),
      };
    },
  };
  await context.device.use(call.signal, () => executeRun(workspace, context.clock, run, options));
  return { runId: run.id, tokenSet, product: request.product, types: request.types, summary };
}

async function prepare(context: EngineContext, workspace: Workspace, input: NewTraining): Promise<Prepared> {
  if (input.method !== 'seas') {
    throw new AppError('unsupported', `the method "${input.method}" is not built yet`, {
      hint: 'Use --method seas.',
    });
  }
  const product = chooseProduct(workspace.db, input.product);
  const { preset, shots = null, shotSeed, seed, adapterRank, steps = null, attention, pack = null } = input;
  const params: TrainParams = {
    method: input.method,
    preset,
    shots,
    shotSeed,
    seed,
    adapterRank,
    steps,
    attention,
    pack,
  };
  const dataset = chooseDataset(workspace, product, params);
  const { request, identityParts } = await assemble(context, dataset, params);
  const profile = await context.services.devices.profile();
  const run = createRun(workspace, context.clock, {
    kind: 'train',
    productId: product.id,
    packId: packIdOf(workspace, context, request.pack),
    params: { ...params },
    identityParts,
    device: profile.device,
  });
  return { run, request, notes: dataset.notes };
}

async function reopen(context: EngineContext, workspace: Workspace, id: string): Promise<Prepared> {
  const run = findResumable(workspace, id, 'train');
  const params = run.params as unknown as TrainParams;
  const dataset = chooseDataset(workspace, getProduct(workspace.db, run.productId)!, params);
  const { request, identityParts } = await assemble(context, dataset, params);
  assertSameIdentity(run, identityParts);
  return { run, request, notes: [] };
}

async function assemble(context: EngineContext, dataset: RunDataset, params: TrainParams) {
  const pack = await context.services.packs.resolve(params.pack, await context.packsFolder());
  const profile = await context.services.devices.profile();
  const { method, preset, shots, shotSeed, seed, adapterRank, steps, attention } = params;
  const { types, heldOut, normals, revision } = dataset;
  const request: TrainRequest = {
    method,
    preset,
    adapterRank,
    steps,
    attention,
    seed,
    product: dataset.product.name,
    types,
    shots: dataset.shots,
    heldOut,
    normals,
    pack,
  };
  const identityParts = identityOf({
    method,
    params: { preset, shots, shotSeed, adapterRank, steps, attention, types },
    seed,
    datasetRevision: revision,
    pack,
    profile,
  });
  return { request, identityParts };
}

async function storeFiles(workspace: Workspace, outcome: TrainOutcome): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { name, bytes } of outcome.files) files[name] = (await workspace.blobs.put(bytes)).hash;
  return files;
}
