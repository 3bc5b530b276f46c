// training.methods, predict and measure: what this engine can train, how long it will take here and what memory it needs.

import { METHODS, PRESETS } from '../../contract/methods/training.ts';
import { AppError } from '../../core/base/errors.ts';
import { evidenceOf, forecastTraining, type Measurement } from '../../core/domain/training-forecast.ts';
import type { EngineContext } from '../engine-context.ts';
import { usableMemory } from '../runtime/usable-memory.ts';
import type { DeviceChoice, RuntimeProfile, TrainRequest } from '../services.ts';
import type { ReadableDb } from '../store/database.ts';
import { timesOnDevice } from '../store/training-times.ts';
import { assertBuilt, isBuilt, type TrainMethod } from '../training/methods.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { requestOf, tuned } from './train.ts';
import { timed, timeKeyOf } from './train-times.ts';
import { chooseTrainingDataset } from './training-dataset.ts';

/** Sittings that are looked at: the newest say best how fast this machine is now. */
const SITTINGS = 8;
/** Updates of a short measurement. */
const MEASURED_STEPS = 5;

/** A new fine-tune before its length is chosen. */
export interface TrainChoice {
  method: TrainMethod;
  shots?: number;
  shotSeed: number;
  steps?: number;
  attention: 'code' | 'token' | 'paper';
  adapterRank: number;
  product?: string;
  pack?: string;
  device?: DeviceChoice;
  memory?: number;
  type?: string;
  settings?: Record<string, string | number | boolean>;
}

export function trainMethods() {
  return { methods: METHODS.map((method) => ({ method, ready: isBuilt(method) })) };
}

/** Null where nothing was measured on this device. */
export async function forecastOf(
  context: EngineContext,
  db: ReadableDb,
  request: TrainRequest,
  profile: RuntimeProfile,
) {
  const { units } = await context.services.training.outline(request);
  return forecastTraining(measurementsFor(db, request, profile), units);
}

function measurementsFor(db: ReadableDb, request: TrainRequest, profile: RuntimeProfile): Measurement[] {
  const { packHash, device, shape } = timeKeyOf(request, profile);
  return timesOnDevice(db, packHash, device, SITTINGS).map((row) => ({
    phases: row.phases,
    source: row.runId ?? row.id,
    isRun: row.runId !== null,
    isSame: row.shape === shape,
  }));
}

/** A request for one preset, without a plan and with the lowerings of before any measurement. */
export async function requestFor(
  context: EngineContext,
  workspace: ReadableWorkspace,
  choice: TrainChoice,
  preset: TrainRequest['preset'],
) {
  const { method, shots = null, shotSeed, steps = null, attention, adapterRank, pack = null } = choice;
  assertBuilt(method);
  const product = chooseProduct(workspace.db, choice.product);
  const profile = await context.services.devices.profile(choice.device ?? 'auto');
  const { device } = profile;
  const { type, settings } = choice;
  const asked = { ...(type !== undefined && { type }), ...(settings !== undefined && { settings }) };
  const chosen = {
    method,
    preset,
    shots,
    shotSeed,
    seed: 0,
    adapterRank,
    steps,
    attention,
    pack,
    device,
    ...asked,
  };
  const dataset = chooseTrainingDataset(workspace, product, chosen);
  const unplanned = await requestOf(context, dataset, { ...chosen, lowerings: {} });
  return { unplanned, profile, dataset };
}

export async function predictTraining(context: EngineContext, choice: TrainChoice) {
  return context.reading(async (workspace) => {
    const { training } = context.services;
    const budget = choice.memory ?? usableMemory();
    const presets = [];
    const { unplanned, profile } = await requestFor(context, workspace, choice, 'quick');
    let evidence: ReturnType<typeof evidenceOf> = null;
    for (const preset of PRESETS) {
      const request = { ...unplanned, preset };
      const { steps, units } = await training.outline(request);
      try {
        const { plan, bytes } = await training.plan(request, budget);
        const planned = { ...request, plan };
        evidence = evidenceOf(measurementsFor(workspace.db, planned, profile), units);
        presets.push({
          preset,
          steps,
          forecast: await forecastOf(context, workspace.db, planned, profile),
          bytes: profile.device === 'cpu' ? bytes : null,
          problem: null,
        });
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'usage') throw error;
        presets.push({ preset, steps, forecast: null, bytes: null, problem: error.message });
      }
    }
    return { device: { kind: profile.device, name: profile.deviceName }, presets, evidence };
  });
}

/** Everything is as in a run but its length; nothing of it is kept but the times. */
export async function measureTraining(context: EngineContext, choice: TrainChoice, call: Call) {
  const workspace = await context.writable();
  const { unplanned, profile } = await requestFor(context, workspace, choice, 'quick');
  if (profile.device === 'cpu') unplanned.lowerings = await tuned(context, unplanned.pack, call);
  const short = { ...unplanned, steps: MEASURED_STEPS };
  const { plan } = await context.services.training.plan(short, choice.memory ?? usableMemory());
  const request = { ...short, plan };
  const startedAt = context.clock.now();
  let phases = 0;
  const progress = (share: number): void =>
    call.emit({
      event: 'progress',
      phase: 'measuring this PC',
      done: Math.round(100 * (Math.max(0, phases - 1) + share)),
      total: 300,
      etaSeconds: null,
      note: null,
    });
  const quiet = {
    runId: 'measure',
    signal: call.signal,
    phase() {
      phases++;
      progress(0);
    },
    progress: (done: number, total: number) => progress(total > 0 ? done / total : 0),
    log() {},
    checkpoint: async () => {},
    lastCheckpoint: async () => null,
  };
  const about = { runId: null, ...timeKeyOf(request, profile) };
  await context.device.use(call.signal, () =>
    timed(workspace, context.clock, about, quiet, (measured) =>
      context.services.training.train(request, measured),
    ),
  );
  return { seconds: (context.clock.now() - startedAt) / 1000 };
}
