// Builds what a generator needs from a user's request, and again from a stored run.

import { basename } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { sha256OfFile } from '../blobs/blob-reader.ts';
import { maskFiles } from '../datasets/mask-files.ts';
import type { EngineContext } from '../engine-context.ts';
import { createRun } from '../runs/run-manager.ts';
import type {
  DeviceChoice,
  GenerateRequest,
  Generator,
  PackInfo,
  RunDevice,
  RuntimeProfile,
  TokenSet,
} from '../services.ts';
import { getImage } from '../store/images.ts';
import { getPack } from '../store/packs.ts';
import { getProduct, type Product } from '../store/products.ts';
import { getRun, type RunRow } from '../store/runs.ts';
import { findTokenSet, latestTokenSet, listTokenSets, type TokenSetRow } from '../store/token-sets.ts';
import type { ReadableWorkspace, Workspace } from '../workspace.ts';
import { chooseProduct } from './choose-product.ts';
import { toDatasetPicture } from './pictures.ts';
import { openPlacement, placementParams, refusePlacement, type StoredPlacement } from './placement.ts';
import { chooseDataset, type RunDataset } from './run-dataset.ts';
import { assertSameIdentity, findResumable, identityOf, packIdOf } from './run-start.ts';

export interface NewGeneration {
  generator: Generator;
  type?: string;
  count: number;
  seed: number;
  attributes?: Record<string, number>;
  variation?: number;
  masks: string;
  placement?: StoredPlacement;
  sources?: string[];
  product?: string;
  tokenSet?: string;
  shots?: number;
  shotSeed: number;
  device?: DeviceChoice;
  settings?: Record<string, string | number | boolean>;
}

/** What a generation run stores, enough to build its request again. */
export interface GenerateParams {
  generator: Generator;
  type: string | null;
  count: number;
  seed: number;
  attributes: Record<string, number>;
  variation: number | null;
  masks: string;
  tokenSet: string | null;
  shots: number | null;
  shotSeed: number;
  /** Absent where nothing was asked for. */
  settings?: Record<string, string | number | boolean>;
  placement?: StoredPlacement;
  sources?: string[];
  /** Absent in runs of versions that had the CPU only. */
  device?: RunDevice;
}

export interface PreparedGeneration {
  run: RunRow;
  request: GenerateRequest;
  notes: string[];
}

/** Checks the request against what the workspace holds and stores the run. */
export async function prepareGeneration(
  context: EngineContext,
  workspace: Workspace,
  input: NewGeneration,
): Promise<PreparedGeneration> {
  refuseUnused(input);
  const product = chooseProduct(workspace.db, input.product);
  const learned = chooseTokenSet(workspace, product, input);
  const { generator, count, seed, attributes = {}, variation = null, masks, shots = null, shotSeed } = input;
  const dataset = chooseDataset(workspace, product, { shots, shotSeed });
  const type = chooseType(generator, input.type, learned?.types ?? dataset.types);
  const profile = await context.services.devices.profile(deviceFor(input));
  const params: GenerateParams = {
    generator,
    type,
    count,
    seed,
    attributes,
    variation,
    masks,
    tokenSet: learned?.id ?? null,
    shots,
    shotSeed,
    ...placementParams(input),
    ...(input.settings !== undefined && { settings: input.settings }),
    device: profile.device,
  };
  const { request, identityParts } = await assemble(context, workspace, dataset, learned, params, profile);
  const run = createRun(workspace, context.clock, {
    kind: 'generate',
    productId: product.id,
    packId: packIdOf(workspace, context, request.pack),
    params: { ...params },
    identityParts,
    device: profile.device,
  });
  const notes = profile.warning === null ? dataset.notes : [...dataset.notes, profile.warning];
  return { run, request, notes };
}

/** The request of a run that stopped, exactly as it was. */
export async function reopenGeneration(
  context: EngineContext,
  workspace: Workspace,
  id: string,
): Promise<PreparedGeneration> {
  const run = findResumable(workspace, id, 'generate');
  const params = run.params as unknown as GenerateParams;
  const product = getProduct(workspace.db, run.productId)!;
  const learned = params.tokenSet === null ? undefined : findTokenSet(workspace.db, params.tokenSet);
  const dataset = chooseDataset(workspace, product, params);
  const profile = await context.services.devices.profile(params.device ?? 'cpu');
  const { request, identityParts } = await assemble(context, workspace, dataset, learned, params, profile);
  assertSameIdentity(run, identityParts);
  return { run, request, notes: [] };
}

/**
 * The request a stored run was made of, with the pictures and masks of then, and its identity on this machine. `device`
 * takes another device than the run's.
 */
export async function requestOfRun(
  context: EngineContext,
  workspace: ReadableWorkspace,
  run: RunRow,
  device?: DeviceChoice,
) {
  const params = run.params as unknown as GenerateParams;
  const product = getProduct(workspace.db, run.productId)!;
  const learned = params.tokenSet === null ? undefined : findTokenSet(workspace.db, params.tokenSet);
  const dataset = chooseDataset(workspace, product, params, run.createdAt);
  const profile = await context.services.devices.profile(device ?? params.device ?? 'cpu');
  return assemble(context, workspace, dataset, learned, params, profile, run.createdAt);
}

function chooseTokenSet(
  workspace: Workspace,
  product: Product,
  input: NewGeneration,
): TokenSetRow | undefined {
  const method = input.generator === 'anogen' ? 'anogen' : 'seas';
  const found =
    input.tokenSet === undefined
      ? latestFor(workspace, product, input.generator, method)
      : findTokenSet(workspace.db, input.tokenSet);
  if (input.tokenSet !== undefined && found?.productId !== product.id) {
    throw new AppError('not-found', `"${product.name}" has no token set or training run ${input.tokenSet}`, {
      hint: 'List the runs with: flawsmith info',
    });
  }
  if (input.generator === 'paste' && input.tokenSet === undefined) return undefined;
  if (found === undefined) {
    throw new AppError('not-found', `"${product.name}" has not been fine-tuned with ${method} yet`, {
      hint: `Run "flawsmith train --method ${method}" first; only --generator paste works without it.`,
    });
  }
  const made = getRun(workspace.db, found.runId)!.method;
  if (made !== method) {
    throw new AppError('usage', `--generator ${input.generator} cannot use what ${made} learned`, {
      hint: `Name a run of "flawsmith train --method ${method}", or leave --token-set out.`,
    });
  }
  refuseKind(input, found);
  return found;
}

/** The newest, of those that the generator can use where there are any. */
function latestFor({ db }: Workspace, product: Product, generator: Generator, method: string) {
  const latest = latestTokenSet(db, product.id, method);
  if (latest === undefined || !needsWindows(generator) || !drawsPictures(latest)) return latest;
  const usable = listTokenSets(db, product.id).filter((set) => getRun(db, set.runId)!.method === method);
  return usable.find((set) => !drawsPictures(set)) ?? latest;
}

const needsWindows = (generator: Generator) => generator === 'windows' || generator === 'blend';

/** Whether it was trained on a Stable Diffusion pack, which draws whole pictures. */
const drawsPictures = ({ config }: TokenSetRow) => config.backbone === 'picture';

/** What a fine-tune cannot do for its kind of base model. */
function refuseKind(input: NewGeneration, set: TokenSetRow): void {
  const { generator } = input;
  if (needsWindows(generator) && drawsPictures(set)) {
    throw new AppError(
      'unsupported',
      `--generator ${generator} draws inside masks, which a Stable Diffusion fine-tune of SeaS cannot: it draws whole pictures`,
      { hint: 'Use --generator seas or normal, or fine-tune on the embedded pack too.' },
    );
  }
  if ((generator === 'seas' || generator === 'normal') && hasSettings(input) && !drawsPictures(set)) {
    throw new AppError('usage', `--set does not go with --generator ${generator} on a window pack`, {
      hint: 'It is for fine-tunes on Stable Diffusion packs.',
    });
  }
}

const hasSettings = ({ settings = {} }: NewGeneration) => Object.keys(settings).length > 0;

function chooseType(
  generator: Generator,
  wanted: string | undefined,
  types: readonly string[],
): string | null {
  if (generator === 'normal') {
    if (wanted === undefined) return null;
    throw new AppError('usage', '--type does not go with --generator normal', {
      hint: 'Good pictures have no defect type.',
    });
  }
  if (wanted === undefined && types.length === 1) return types[0];
  if (wanted !== undefined && types.includes(wanted)) return wanted;
  throw new AppError(
    'usage',
    wanted === undefined ? 'which defect type?' : `there is no defect type "${wanted}"`,
    {
      hint: `Give one of these with --type: ${types.join(', ')}.`,
    },
  );
}

async function assemble(
  context: EngineContext,
  workspace: ReadableWorkspace,
  dataset: RunDataset,
  learned: TokenSetRow | undefined,
  params: GenerateParams,
  profile: RuntimeProfile,
  asOf?: number,
) {
  const pack = await packFor(context, workspace, learned);
  const shots =
    learned === undefined
      ? dataset.shots
      : learned.shots.map((id) => toDatasetPicture(getImage(workspace.db, id, asOf)!, workspace.blobs));
  const placed = openPlacement(workspace, dataset, params);
  const { generator, type, seed, count, attributes, variation, masks, settings } = params;
  const request: GenerateRequest = {
    generator,
    type,
    seed,
    product: dataset.product.name,
    count,
    indices: [],
    attributes,
    ...(settings !== undefined && { settings }),
    variation,
    masks,
    tokenSet: learned === undefined ? null : toTokenSet(workspace, learned),
    pack,
    device: profile.device,
    shots,
    placement: placed.placement,
    normals: placed.normals,
  };
  const identityParts = identityOf({
    method: generator,
    params: {
      type,
      count,
      attributes,
      ...(settings !== undefined && { settings }),
      variation,
      masks: await maskSourceIdentity(masks),
      trainedBy: learned === undefined ? null : getRun(workspace.db, learned.runId)!.identity,
      shots: shots.map((shot) => shot.file),
      ...placed.identity,
    },
    seed,
    datasetRevision: dataset.revision,
    pack,
    profile,
  });
  return { request, identityParts };
}

/** The pack the token set was trained on, wherever it lies now; the embedded one where nothing was trained. */
export async function packFor(
  context: EngineContext,
  workspace: ReadableWorkspace,
  learned: TokenSetRow | undefined,
): Promise<PackInfo> {
  const folder = workspace.packsFolder;
  const used = learned?.packId ? getPack(workspace.db, learned.packId) : undefined;
  if (used === undefined) return context.services.packs.resolve(null, folder);
  const reference = { embedded: null, workspace: used.name, folder: used.path }[used.kind];
  const pack = await context.services.packs.resolve(reference, folder);
  if (pack.hash === used.hash) return pack;
  throw new AppError('bad-pack', `the base pack "${used.name}" is not the one that was fine-tuned`, {
    file: pack.path,
    hint: 'Put the original pack back, or fine-tune again with this one.',
  });
}

export function toTokenSet(workspace: ReadableWorkspace, row: TokenSetRow): TokenSet {
  const files: Record<string, string> = {};
  for (const [name, blob] of Object.entries(row.files)) files[name] = workspace.blobs.path(blob);
  return { id: row.id, types: row.types, config: row.config, files, hashes: row.files };
}

/** `paste` computes no network: it never waits for a graphics card. */
function deviceFor({ generator, device = 'auto' }: NewGeneration): DeviceChoice {
  return generator === 'paste' && device === 'auto' ? 'cpu' : device;
}

/** An option that a generator does not use is refused, not ignored. */
function refuseUnused(input: NewGeneration): void {
  const { generator, masks, variation, device, attributes = {} } = input;
  const refuse = (given: boolean, option: string, users: readonly Generator[]) => {
    if (!given || users.includes(generator)) return;
    throw new AppError('usage', `--${option} does not go with --generator ${generator}`, {
      hint: `It is for ${users.join(', ')}.`,
    });
  };
  refuse(masks !== 'real', 'masks', ['windows']);
  refuse(variation !== undefined, 'variation', ['blend']);
  refuse(device === 'gpu', 'device', ['windows', 'blend', 'seas', 'normal', 'anogen']);
  refuse(hasSettings(input), 'set', ['anogen', 'seas', 'normal']);
  refuse(Object.keys(attributes).length > 0, 'attributes', ['windows', 'blend', 'seas']);
  refusePlacement(input);
}

/** Files count by their content, so that a resumed run notices when they changed. */
async function maskSourceIdentity(masks: string): Promise<string | string[]> {
  if (masks === 'real' || masks === 'model') return masks;
  const files = await maskFiles(masks);
  return Promise.all(files.map(async (file) => `${basename(file)} ${await sha256OfFile(file)}`));
}
