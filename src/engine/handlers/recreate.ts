// generation.recreate: makes a generated picture again from what is stored about it, and compares.

import { AppError, invariant } from '../../core/base/errors.ts';
import { identityDifference, type RunIdentity } from '../../core/domain/run-identity.ts';
import { sha256 } from '../blobs/blob-reader.ts';
import type { EngineContext } from '../engine-context.ts';
import { countDifferences, decodePicture, largestDifference, sameShape } from '../imaging/index.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { DeviceChoice, GeneratedPicture } from '../services.ts';
import { type GenerationWithStatus, getGeneration } from '../store/generations.ts';
import { getRun, type RunRow } from '../store/runs.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { requestOfRun } from './generate-request.ts';
import { progressOf } from './progress.ts';

/** How one of a picture's two files compares with what was stored. */
interface Comparison {
  sha256: string;
  equal: boolean;
  /** Whether the stored file is still there to be compared sample by sample. */
  stored: boolean;
  /** Largest difference of a sample, in code values; null where it cannot be told. */
  maxDifference: number | null;
  differingPixels: number | null;
}

/**
 * On the run's own identity the bytes are equal, also when the stored file is gone; then it is put back. On another
 * device, thread count or version the difference is measured instead. A mask corrected later does not count: compared is
 * what the generator made.
 */
export async function recreate(
  context: EngineContext,
  input: { id: string; device?: DeviceChoice },
  call: Call,
) {
  const made = await context.reading((workspace) => makeAgain(context, workspace, input, call));
  const { row, run, picture, image, mask, differs } = made;
  const restored: ('image' | 'mask')[] = [];
  for (const [name, comparison, bytes] of [
    ['image', image, picture.image],
    ['mask', mask, picture.mask],
  ] as const) {
    if (comparison === null || bytes === null || comparison.stored || !comparison.equal) continue;
    await (await context.writable()).blobs.put(bytes);
    restored.push(name);
  }
  return {
    id: row.id,
    runId: run.id,
    index: row.index,
    generator: row.generator,
    equal: image.equal && (mask?.equal ?? true),
    image,
    mask,
    differs,
    restored,
  };
}

async function makeAgain(
  context: EngineContext,
  workspace: ReadableWorkspace,
  { id, device }: { id: string; device?: DeviceChoice },
  call: Call,
) {
  const row = getGeneration(workspace.db, id);
  if (row === undefined) {
    throw new AppError('not-found', `there is no generated picture ${id} in this workspace`, {
      hint: 'List them with: flawsmith review --list',
    });
  }
  const run = getRun(workspace.db, row.runId)!;
  const { request, identityParts } = await requestOfRun(context, workspace, run, device);
  assertSameMaterial(run, identityParts);
  const differs = identityDifference(run.identityParts, identityParts);
  const picture = await context.device.use(call.signal, () =>
    drawOne(context, { ...request, indices: [row.index] }, run, call),
  );
  const image = await compare(workspace, row.madeImageBlob, picture.image);
  const mask = await compareMasks(workspace, row, picture.mask);
  return { row, run, picture, image, mask, differs };
}

/** Another machine may differ in the last bits; other pictures or parameters make another picture. */
function assertSameMaterial(run: RunRow, now: RunIdentity): void {
  const { datasetRevision, packHash, method, params, seed } = now;
  const difference = identityDifference(run.identityParts, {
    ...run.identityParts,
    ...{ datasetRevision, packHash, method, params, seed },
  });
  if (difference === null) return;
  throw new AppError('unsupported', `this picture cannot be made again: ${difference} changed since`, {
    hint: 'Put back what changed, or restore a backup into a new folder and recreate it there.',
  });
}

async function drawOne(
  context: EngineContext,
  request: Parameters<EngineContext['services']['generation']['generate']>[0],
  run: RunRow,
  call: Call,
): Promise<GeneratedPicture> {
  const runContext = contextWithoutStore(run.id, call, context);
  for await (const picture of context.services.generation.generate(request, runContext)) {
    if (picture.index === request.indices[0]) return picture;
  }
  throw new Error(`internal: picture ${request.indices[0]} was not made`);
}

/** What a generator needs of a run, with nothing to store. */
function contextWithoutStore(runId: string, call: Call, { clock }: EngineContext): RunContext {
  let report = progressOf(call, clock, 'recreate');
  return {
    runId,
    signal: call.signal,
    phase(name) {
      report = progressOf(call, clock, name);
    },
    progress: (done, total, note) => report(done, total, note),
    log: (level, message) => call.emit({ event: 'log', level, message }),
    checkpoint: () => Promise.reject(new Error('internal: recreating stores no checkpoint')),
    lastCheckpoint: async () => null,
  };
}

async function compareMasks(
  workspace: ReadableWorkspace,
  row: GenerationWithStatus,
  bytes: Uint8Array | null,
): Promise<Comparison | null> {
  invariant((row.madeMaskBlob === null) === (bytes === null), 'a generator makes masks always or never');
  return bytes === null ? null : compare(workspace, row.madeMaskBlob!, bytes);
}

async function compare({ blobs }: ReadableWorkspace, stored: string, bytes: Uint8Array): Promise<Comparison> {
  const hash = sha256(bytes);
  const isThere = (await blobs.verify(stored)) === 'ok';
  const facts = { sha256: hash, equal: hash === stored, stored: isThere };
  if (facts.equal) return { ...facts, maxDifference: 0, differingPixels: 0 };
  if (!isThere) return { ...facts, maxDifference: null, differingPixels: null };
  const [before, now] = [await decodePicture(await blobs.get(stored)), await decodePicture(bytes)];
  const { raster: a } = before;
  const { raster: b } = now;
  if (!sameShape(a, b)) return { ...facts, maxDifference: null, differingPixels: null };
  return { ...facts, maxDifference: largestDifference(a, b), differingPixels: countDifferences(a, b) };
}
