// training.train: a new fine-tune or the rest of one that stopped.

import type { JsonObject } from '../../core/domain/json.ts';
import type { TrainingForecast } from '../../core/domain/training-forecast.ts';
import { plannedText, planText, type StepPlan } from '../../core/memory/plan.ts';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import { createRun, type ExecuteOptions, executeRun } from '../runs/run-manager.ts';
import { usableMemory } from '../runtime/usable-memory.ts';
import type {
  DeviceChoice,
  PackInfo,
  RunDevice,
  RuntimeProfile,
  TrainOutcome,
  TrainRequest,
} from '../services.ts';
import { getProduct } from '../store/products.ts';
import type { RunRow } from '../store/runs.ts';
import { insertTokenSet } from '../store/token-sets.ts';
import { assertBuilt } from '../training/methods.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import type { RunDataset } from './run-dataset.ts';
import { assertSameIdentity, findResumable, identityOf, packIdOf } from './run-start.ts';
import { forecastOf } from './train-forecast.ts';
import { timed, timeKeyOf } from './train-times.ts';
import { chooseTrainingDataset } from './training-dataset.ts';

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
  device?: DeviceChoice;
  memory?: number;
  type?: string;
  settings?: Record<string, string | number | boolean>;
}

/** What a training run stores, enough to build its request again. */
interface TrainParams {
  method: NewTraining['method'];
  preset: NewTraining['preset'];
  shots: number | null;
  shotSeed: number;
  seed: number;
  adapterRank: number;
  steps: number | null;
  attention: NewTraining['attention'];
  pack: string | null;
  /** Absent where nothing was asked for. */
  type?: string;
  settings?: Record<string, string | number | boolean>;
  /** Absent in runs of versions that had the CPU only. */
  device?: RunDevice;
  /** Measured before the run was made, or by an earlier one; absent in runs of versions without. */
  lowerings?: Record<string, string>;
  /** Chosen when the run was made; a resumed run keeps it, whatever the machine has by then. */
  plan: StepPlan;
  /** What was predicted when the run was made; absent in runs of versions without, null where nothing was measured. */
  forecast?: TrainingForecast | null;
  forecastBytes?: number | null;
}

/** What of a run's parameters its request is made of. */
export type RequestParams = Omit<TrainParams, 'plan' | 'forecast' | 'forecastBytes'>;

interface Prepared {
  run: RunRow;
  request: TrainRequest;
  profile: RuntimeProfile;
  notes: string[];
  /** The chosen plan in words. */
  memory: string;
}

export async function train(context: EngineContext, input: NewTraining | { resume: string }, call: Call) {
  const workspace = await context.writable();
  await settleLabels(workspace, context.clock);
  const { run, request, profile, notes, memory } =
    'resume' in input
      ? await reopen(context, workspace, input.resume)
      : await prepare(context, workspace, input, call);
  for (const message of notes) call.emit({ event: 'log', level: 'warn', message });
  call.emit({ event: 'log', level: 'info', message: memory });

  const tokenSet = context.clock.newId();
  let summary: JsonObject = {};
  const options: ExecuteOptions = {
    signal: call.signal,
    emit: call.emit,
    async work(runContext) {
      const key = timeKeyOf(request, profile);
      const outcome = await timed(
        workspace,
        context.clock,
        { runId: run.id, ...key },
        runContext,
        (measured) => context.services.training.train(request, measured),
      );
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

async function prepare(
  context: EngineContext,
  workspace: Workspace,
  input: NewTraining,
  call: Call,
): Promise<Prepared> {
  const { method } = input;
  assertBuilt(method);
  const product = chooseProduct(workspace.db, input.product);
  const profile = await context.services.devices.profile(input.device ?? 'auto');
  const { preset, shots = null, shotSeed, seed, adapterRank, steps = null, attention, pack = null } = input;
  const chosen = {
    method,
    preset,
    shots,
    shotSeed,
    seed,
    adapterRank,
    steps,
    attention,
    pack,
    ...(input.type !== undefined && { type: input.type }),
    ...(input.settings !== undefined && { settings: input.settings }),
    device: profile.device,
  };
  const dataset = chooseTrainingDataset(workspace, product, chosen);
  const unplanned = await requestOf(context, dataset, { ...chosen, lowerings: {} });
  if (profile.device === 'cpu') unplanned.lowerings = await tuned(context, unplanned.pack, call);
  const { lowerings } = unplanned;
  const planned = await context.services.training.plan(unplanned, input.memory ?? usableMemory());
  const request: TrainRequest = { ...unplanned, plan: planned.plan };
  const params: TrainParams = {
    ...chosen,
    lowerings,
    plan: planned.plan,
    forecast: await forecastOf(context, workspace.db, request, profile),
    forecastBytes: profile.device === 'cpu' ? planned.bytes : null,
  };
  const identityParts = identityPartsOf(dataset, params, request.pack, profile);
  const run = createRun(workspace, context.clock, {
    kind: 'train',
    productId: product.id,
    packId: packIdOf(workspace, context, request.pack),
    params: JSON.parse(JSON.stringify(params)),
    identityParts,
    device: profile.device,
  });
  const notes = [...dataset.notes, ...(profile.warning === null ? [] : [profile.warning])];
  return { run, request, profile, notes, memory: `memory: ${plannedText(planned)}` };
}

async function reopen(context: EngineContext, workspace: Workspace, id: string): Promise<Prepared> {
  const run = findResumable(workspace, id, 'train');
  const params = run.params as unknown as TrainParams;
  const dataset = chooseTrainingDataset(workspace, getProduct(workspace.db, run.productId)!, params);
  const profile = await context.services.devices.profile(params.device ?? 'cpu');
  const request = { ...(await requestOf(context, dataset, params)), plan: params.plan };
  assertSameIdentity(run, identityPartsOf(dataset, params, request.pack, profile));
  return { run, request, profile, notes: [], memory: `memory: ${planText(params.plan)}, as before` };
}

export async function requestOf(
  context: EngineContext,
  dataset: RunDataset,
  params: RequestParams,
): Promise<Omit<TrainRequest, 'plan'>> {
  const pack = await context.services.packs.resolve(params.pack, await context.packsFolder());
  const { method, preset, seed, adapterRank, steps, attention, device = 'cpu', lowerings = {} } = params;
  const { types, shots, heldOut, normals } = dataset;
  const product = dataset.product.name;
  return {
    method,
    settings: settingsOf(params),
    preset,
    adapterRank,
    steps,
    attention,
    seed,
    product,
    types,
    shots,
    heldOut,
    normals,
    pack,
    device,
    lowerings,
  };
}

/** AnoGen's adapters are one of its settings. */
function settingsOf({ method, adapterRank, settings = {} }: RequestParams) {
  return method === 'anogen' && adapterRank > 0 ? { adapterRank, ...settings } : settings;
}

function identityPartsOf(dataset: RunDataset, params: TrainParams, pack: PackInfo, profile: RuntimeProfile) {
  const { method, preset, shots, shotSeed, seed, adapterRank, steps, attention, plan, lowerings, settings } =
    params;
  const { types, revision } = dataset;
  return identityOf({
    method,
    params: {
      preset,
      shots,
      shotSeed,
      adapterRank,
      steps,
      attention,
      types,
      ...(settings && { settings }),
      plan: { ...plan },
      ...(lowerings && { lowerings }),
    },
    seed,
    datasetRevision: revision,
    pack,
    profile,
  });
}

/** Lowerings for the pack on this PC; the first time they are measured, and the user sees that. */
export function tuned(context: EngineContext, pack: PackInfo, call: Call): Promise<Record<string, string>> {
  return context.device.use(call.signal, () =>
    context.services.training.lowerings(pack, {
      signal: call.signal,
      onProgress: (done, total) =>
        call.emit({
          event: 'progress',
          phase: 'measuring this PC',
          done,
          total,
          etaSeconds: null,
          note: null,
        }),
      onDisagreement: (message) => call.emit({ event: 'log', level: 'warn', message }),
    }),
  );
}

async function storeFiles(workspace: Workspace, outcome: TrainOutcome): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { name, bytes } of outcome.files) files[name] = (await workspace.blobs.put(bytes)).hash;
  return files;
}
