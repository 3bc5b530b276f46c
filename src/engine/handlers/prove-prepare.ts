// A proof before it runs: its pictures, its plan, its identity, and the run it is or goes on with.

import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import { DEFAULT_ARMS, type ProofArm, type ProofPreset } from '../../core/domain/proof.ts';
import type { StepPlan } from '../../core/memory/plan.ts';
import type { EngineContext } from '../engine-context.ts';
import { type SplitSummary, splitSummary } from '../prove/details.ts';
import type { ProofJob } from '../prove/job.ts';
import { PROOF_SETTINGS, type ProofSettings } from '../prove/presets.ts';
import { createRun, identityHash } from '../runs/run-manager.ts';
import { usableMemory } from '../runtime/usable-memory.ts';
import type { DeviceChoice, RunDevice, StoredPicture, TrainRequest } from '../services.ts';
import { getProduct, type Product } from '../store/products.ts';
import { findProof } from '../store/proofs.ts';
import { getRun, type RunRow } from '../store/runs.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { progressOf } from './progress.ts';
import { acceptedPictures, assertProvable, type ChosenSplit, chooseSplit } from './prove-split.ts';
import { chooseDataset } from './run-dataset.ts';
import { assertSameIdentity, findResumable, identityOf, packIdOf } from './run-start.ts';
import { tuned } from './train.ts';

export interface NewProof {
  product?: string;
  shots: number;
  shotSeed: number;
  seeds: number;
  seed: number;
  preset: ProofPreset;
  arms?: ProofArm[];
  leaveOutLeaks: boolean;
  device?: DeviceChoice;
  pack?: string;
  settings?: Partial<ProofSettings>;
}

/** What a proof stores, enough to build it again. */
export interface ProofParams {
  shots: number;
  shotSeed: number;
  seeds: number;
  seed: number;
  preset: ProofPreset;
  arms: ProofArm[];
  leaveOutLeaks: boolean;
  pack: string | null;
  settings: ProofSettings;
  device: RunDevice;
  lowerings: Record<string, string>;
  plan: StepPlan;
  /** For showing. */
  split: SplitSummary;
}

export interface PreparedProof {
  run: RunRow;
  job: ProofJob;
  params: ProofParams;
  notes: string[];
}

/** A new proof, the one of the same identity that stopped, or the one that is done. */
export async function prepareProof(
  context: EngineContext,
  workspace: Workspace,
  input: NewProof,
  call: Call,
): Promise<PreparedProof> {
  const product = chooseProduct(workspace.db, input.product);
  const chosen = await splitOf(context, workspace, product, input, call);
  const profile = await context.services.devices.profile(input.device ?? 'auto');
  const { usable, leftOut } = acceptedPictures(workspace, product, chosen.split);
  const arms = armsOf(input.arms, usable);
  const given = Object.entries(input.settings ?? {}).filter(([, value]) => value !== undefined);
  const settings: ProofSettings = { ...PROOF_SETTINGS[input.preset], ...Object.fromEntries(given) };
  const wanted = { ...input, settings, device: profile.device };
  const unplanned = await trainRequest(context, product, chosen, wanted);
  if (profile.device === 'cpu') unplanned.lowerings = await tuned(context, unplanned.pack, call);
  const { plan } = await context.services.training.plan(unplanned, usableMemory());
  const params: ProofParams = {
    shots: input.shots,
    shotSeed: input.shotSeed,
    seeds: input.seeds,
    seed: input.seed,
    preset: input.preset,
    arms,
    leaveOutLeaks: input.leaveOutLeaks,
    pack: input.pack ?? null,
    settings,
    device: profile.device,
    lowerings: unplanned.lowerings,
    plan,
    split: splitSummary(chosen.split),
  };
  const job = jobOf(context, product, chosen, params, unplanned.pack, usable);
  const parts = await identityParts(context, workspace, product, job, params);
  const notes = notesOf(chosen, leftOut, arms);
  if (profile.warning !== null) notes.push(profile.warning);
  const known = findProof(workspace.db, identityHash(parts));
  if (known !== null) {
    const run = getRun(workspace.db, known)!;
    const stored = run.params as unknown as ProofParams;
    return { run, job: { ...job, plan: stored.plan, lowerings: stored.lowerings }, params: stored, notes };
  }
  const run = createRun(workspace, context.clock, {
    kind: 'prove',
    productId: product.id,
    packId: packIdOf(workspace, context, job.pack),
    params: JSON.parse(JSON.stringify(params)),
    identityParts: parts,
    device: profile.device,
  });
  return { run, job, params, notes };
}

export async function reopenProof(
  context: EngineContext,
  workspace: Workspace,
  id: string,
  call: Call,
): Promise<PreparedProof> {
  const run = findResumable(workspace, id, 'prove');
  const params = run.params as unknown as ProofParams;
  const product = getProduct(workspace.db, run.productId)!;
  const chosen = await splitOf(context, workspace, product, params, call);
  const { usable } = acceptedPictures(workspace, product, chosen.split);
  const pack = await context.services.packs.resolve(params.pack, await context.packsFolder());
  const job = jobOf(context, product, chosen, params, pack, usable);
  assertSameIdentity(run, await identityParts(context, workspace, product, job, params));
  return { run, job, params, notes: [] };
}

async function splitOf(
  context: EngineContext,
  workspace: Workspace,
  product: Product,
  params: { shots: number; shotSeed: number; leaveOutLeaks: boolean },
  call: Call,
): Promise<ChosenSplit> {
  const onProgress = progressOf(call, context.clock, 'compare pictures');
  const chosen = await chooseSplit(workspace, product, params, { signal: call.signal, onProgress });
  assertProvable(product, chosen);
  return chosen;
}

function armsOf(asked: readonly ProofArm[] | undefined, accepted: readonly StoredPicture[]): ProofArm[] {
  const arms = asked ?? [...DEFAULT_ARMS, ...(accepted.length > 0 ? (['real+accepted'] as const) : [])];
  if (arms.includes('real+accepted') && accepted.length === 0)
    throw new AppError('usage', 'there is no accepted picture to compare', {
      hint: 'Generate pictures and accept them in Review first, or leave real+accepted away.',
    });
  // Everything is compared with it.
  return [...new Set<ProofArm>(['real', ...arms])];
}

async function trainRequest(
  context: EngineContext,
  product: Product,
  { split, pictures }: ChosenSplit,
  { settings, seed, device, pack }: Pick<ProofParams, 'settings' | 'seed' | 'device'> & { pack?: string },
): Promise<Omit<TrainRequest, 'plan'>> {
  const shots = split.shots.map((shot) => pictures.get(shot.id)!);
  return {
    method: 'seas',
    preset: settings.fineTune,
    adapterRank: 0,
    steps: settings.fineTuneSteps,
    attention: 'code',
    seed,
    device,
    product: product.name,
    types: split.types.filter((type) => type.shots > 0).map((type) => type.type),
    shots,
    heldOut: [],
    normals: split.trainingNormals.map((normal) => pictures.get(normal.id)!),
    pack: await context.services.packs.resolve(pack ?? null, await context.packsFolder()),
    lowerings: {},
  };
}

function jobOf(
  context: EngineContext,
  product: Product,
  { split, pictures }: ChosenSplit,
  params: ProofParams,
  pack: ProofJob['pack'],
  accepted: readonly StoredPicture[],
): ProofJob {
  const { arms, settings, seeds, seed, device, lowerings, plan } = params;
  const { services } = context;
  return {
    product: product.name,
    split,
    arms,
    settings,
    seeds,
    seed,
    pack,
    device,
    lowerings,
    plan,
    pictures,
    accepted,
    services,
  };
}

/** Plan and lowerings are left out: they change rounding only, and whoever goes on keeps those it began with. */
async function identityParts(
  context: EngineContext,
  workspace: Workspace,
  product: Product,
  job: ProofJob,
  { shots, shotSeed, leaveOutLeaks, device }: ProofParams,
) {
  const params: JsonObject = {
    shots,
    shotSeed,
    seeds: job.seeds,
    settings: { ...job.settings },
    arms: [...job.arms],
    leaveOutLeaks,
    accepted: job.arms.includes('real+accepted')
      ? job.accepted.map((picture) => `${picture.sha256} ${picture.maskSha256}`).sort()
      : [],
  };
  return identityOf({
    method: 'prove',
    params,
    seed: job.seed,
    datasetRevision: chooseDataset(workspace, product, { shots, shotSeed }).revision,
    pack: job.pack,
    profile: await context.services.devices.profile(device),
  });
}

function notesOf({ split }: ChosenSplit, acceptedLeftOut: number, arms: readonly ProofArm[]): string[] {
  const notes = split.types.filter((t) => t.note !== null).map((t) => `${t.type}: ${t.note}`);
  if (!split.partsKnown) notes.push('parts unknown: nothing says which pictures show the same part');
  if (split.leftOut.length > 0)
    notes.push(`${split.leftOut.length} test pictures are left out: their part, or a copy, is trained on`);
  if (acceptedLeftOut > 0 && arms.includes('real+accepted'))
    notes.push(`${acceptedLeftOut} accepted pictures are left out: they were made with test pictures`);
  return notes;
}
