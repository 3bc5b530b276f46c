// packs.list and packs.inspect.

import type { EngineContext } from '../engine-context.ts';

export async function listPacks(context: EngineContext) {
  return { packs: await context.services.packs.list(await context.packsFolder()) };
}

export async function inspectPack(context: EngineContext, input: { pack: string }) {
  const { packs } = context.services;
  const pack = await packs.resolve(input.pack, await context.packsFolder());
  return { pack, details: await packs.inspect(pack) };
}
