// What one seed needs before its detectors: a fine-tune on the shots only, and the pictures of every generator.

import type { JsonObject } from '../../core/domain/json.ts';
import type { ProofGenerator } from '../../core/prove/plan.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { GeneratedPicture, GenerateRequest, TokenSet, TrainRequest } from '../services.ts';
import { type GeneratedCopy, readGenerated, writeGenerated } from './generated-file.ts';
import { dividedNormals, type ProofJob, provenTypes, shotPictures } from './job.ts';
import type { Scratch } from './scratch.ts';
import { type CopyScale, copyDefect } from './working-copy.ts';

/** The parts of a proof's context that its steps use; progress is a share of the step. */
export interface StepContext {
  readonly runId: string;
  readonly signal: AbortSignal;
  progress(share: number, note: string): void;
  log(level: 'info' | 'warn', message: string): void;
}

const TOKEN_SET = 'token-set.json';

interface StoredTokenSet {
  readonly types: string[];
  readonly config: JsonObject;
  readonly files: readonly string[];
}

/** How far a fine-tune is when a phase of it begins and ends. */
const PHASES: Readonly<Record<string, readonly [number, number]>> = {
  prepare: [0, 0.1],
  'fine-tune': [0.1, 0.85],
  'mask network': [0.85, 1],
};

/** A run's context for work inside a proof: its own checkpoints, progress as a share of the step. */
function innerContext(
  context: StepContext,
  title: string,
  store: Pick<RunContext, 'checkpoint' | 'lastCheckpoint'>,
): RunContext {
  let [from, to] = [0, 1];
  return {
    runId: context.runId,
    signal: context.signal,
    phase(name) {
      [from, to] = PHASES[name] ?? [0, 1];
    },
    progress(done, total, note) {
      const share = total > 0 ? done / total : 0;
      context.progress(from + (to - from) * share, note === undefined ? title : `${title}, ${note}`);
    },
    log: (level, message) => context.log(level, message),
    ...store,
  };
}

export const isFineTuned = (seed: number, scratch: Scratch) => scratch.has(`seed-${seed}/${TOKEN_SET}`);

/** Fine-tunes on the shots; one that stopped goes on at its checkpoint. */
export async function fineTuneSeed(
  job: ProofJob,
  seed: number,
  scratch: Scratch,
  context: StepContext,
): Promise<void> {
  const folder = `seed-${seed}`;
  const { settings, pack, device, lowerings, plan, product } = job;
  const types = provenTypes(job);
  const request: TrainRequest = {
    method: 'seas',
    preset: settings.fineTune,
    adapterRank: 0,
    steps: settings.fineTuneSteps,
    attention: 'code',
    seed,
    device,
    product,
    types,
    shots: shotPictures(job),
    heldOut: [],
    normals: dividedNormals(job).training,
    pack,
    lowerings,
    plan,
    maskNetwork: job.arms.includes('real+seas'),
  };
  const checkpoint = `${folder}/fine-tune.checkpoint`;
  const inner = innerContext(context, 'fine-tune', scratch.checkpoints(checkpoint));
  const outcome = await job.services.training.train(request, inner);
  for (const { name, bytes } of outcome.files) await scratch.write(`${folder}/${name}`, bytes);
  const stored: StoredTokenSet = { types, config: outcome.config, files: outcome.files.map((f) => f.name) };
  await scratch.write(`${folder}/${TOKEN_SET}`, JSON.stringify(stored));
  await scratch.remove(checkpoint);
}

async function openTokenSet(seed: number, scratch: Scratch): Promise<TokenSet> {
  const stored = await scratch.readJson<StoredTokenSet>(`seed-${seed}/${TOKEN_SET}`);
  const files = Object.fromEntries(stored.files.map((name) => [name, scratch.path(`seed-${seed}/${name}`)]));
  return { id: `seed ${seed}`, types: stored.types, config: stored.config, files, hashes: {} };
}

/** The pictures of a generator, made unless they are there. */
export async function generateSet(
  job: ProofJob,
  generator: ProofGenerator,
  seed: number,
  scratch: Scratch,
  scale: CopyScale,
  context: StepContext,
): Promise<readonly GeneratedCopy[]> {
  const file = `seed-${seed}/${generator}.safetensors`;
  if (scratch.has(file)) return readGenerated(await scratch.read(file));
  const copies = await generateCopies(job, generator, seed, scratch, scale, context);
  await scratch.write(file, writeGenerated(copies));
  return copies;
}

async function generateCopies(
  job: ProofJob,
  generator: ProofGenerator,
  seed: number,
  scratch: Scratch,
  scale: CopyScale,
  context: StepContext,
): Promise<GeneratedCopy[]> {
  const types = provenTypes(job);
  const count = Math.ceil(job.settings.generated / types.length);
  const tokenSet = generator === 'paste' ? null : await openTokenSet(seed, scratch);
  const copies: GeneratedCopy[] = [];
  for (const type of types) {
    const request: GenerateRequest = {
      generator,
      type,
      seed,
      product: job.product,
      count,
      indices: Array.from({ length: count }, (_, i) => i),
      attributes: {},
      variation: generator === 'blend' ? job.settings.variation : null,
      masks: 'real',
      tokenSet,
      pack: job.pack,
      device: job.device,
      placement: null,
      shots: shotPictures(job),
      normals: dividedNormals(job).training,
    };
    const inner = innerContext(context, `pictures (${generator})`, {
      checkpoint: async () => {},
      lastCheckpoint: async () => null,
    });
    for await (const picture of job.services.generation.generate(request, inner)) {
      context.signal.throwIfAborted();
      const copy = await toCopy(picture, type, scale);
      if (copy !== null) copies.push(copy);
      context.progress(copies.length / (count * types.length), `${generator}: ${copies.length} pictures`);
    }
  }
  return copies;
}

/** Null for a picture whose mask is empty: it shows no defect to learn. */
async function toCopy(
  picture: GeneratedPicture,
  type: string,
  scale: CopyScale,
): Promise<GeneratedCopy | null> {
  if (picture.mask === null || picture.flags.includes('empty-mask')) return null;
  const { raster } = await decodePicture(picture.image);
  const { mask } = await decodeMask(picture.mask, picture, { name: 'generated mask' });
  const copy = copyDefect(raster, mask, scale);
  if (copy === null) return null;
  return { ...copy, type, flags: picture.flags, agreement: picture.checks.agreement?.changedInMask ?? null };
}
