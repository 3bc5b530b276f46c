// packs.*: the models a workspace can start from.

import { dirname } from 'node:path';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import { sha256 } from '../blobs/blob-reader.ts';
import type { EngineContext } from '../engine-context.ts';
import type { PackSampleRequest } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { assertFree } from '../weights/write-weights.ts';
import type { Call } from './call.ts';
import { progressOf } from './progress.ts';

interface Reading {
  with?: string;
  variant?: string;
}

export async function listPacks(context: EngineContext) {
  return { packs: await context.services.packs.list(await context.packsFolder()) };
}

export async function inspectPack(context: EngineContext, input: Reading & { pack: string }) {
  const { packs } = context.services;
  const folder = await context.packsFolder();
  const reading = { with: input.with ?? null, variant: input.variant ?? null };
  const pack = await packs.resolve(input.pack, folder, { quick: true, ...reading });
  return { pack, details: await packs.inspect(pack, folder, reading) };
}

export async function addPack(
  context: EngineContext,
  input: Reading & { path: string; name?: string },
  call: Call,
) {
  const workspace = await context.writable();
  const request = {
    path: input.path,
    with: input.with ?? null,
    variant: input.variant ?? null,
    name: input.name ?? null,
  };
  const onProgress = progressOf(call, context.clock, 'read');
  const added = await context.services.packs.add(request, workspace.packsFolder, {
    signal: call.signal,
    onProgress,
  });
  const { name, path, hash } = added.pack;
  workspace.db.transaction(() =>
    appendAudit(workspace.db, context.clock.now(), { event: 'pack-added', name, path, hash }),
  );
  return added;
}

export async function removePack(context: EngineContext, { name }: { name: string }) {
  const workspace = await context.writable();
  const { path } = await context.services.packs.remove(name, workspace.packsFolder);
  workspace.db.transaction(() =>
    appendAudit(workspace.db, context.clock.now(), { event: 'pack-removed', name, path }),
  );
  return { name, path };
}

type SampleInput = Reading &
  Pick<
    PackSampleRequest,
    'pack' | 'prompt' | 'negative' | 'steps' | 'guidance' | 'seed' | 'loras' | 'embeddings'
  > & {
    sampler?: string;
    spacing?: 'leading' | 'linspace' | 'trailing';
    width?: number;
    height?: number;
    out: string;
  };

export async function samplePack(context: EngineContext, input: SampleInput, call: Call) {
  const { out, ...rest } = input;
  assertFree(out);
  const request: PackSampleRequest = {
    ...rest,
    with: input.with ?? null,
    variant: input.variant ?? null,
    sampler: input.sampler ?? null,
    spacing: input.spacing ?? null,
    width: input.width ?? null,
    height: input.height ?? null,
  };
  const folder = await context.packsFolder();
  const onProgress = progressOf(call, context.clock, 'sample');
  const made = await context.device.use(call.signal, () =>
    context.services.packs.sample(request, folder, { signal: call.signal, onProgress }),
  );
  await makeFolder(dirname(out));
  await atomicWrite(out, made.image);
  const { image, width, height, scheduler, timesteps } = made;
  return { file: out, pack: input.pack, width, height, scheduler, timesteps, sha256: sha256(image) };
}
