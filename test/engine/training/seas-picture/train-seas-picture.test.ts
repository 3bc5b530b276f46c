// SeaS on Stable Diffusion folders the whole way: training, resuming, ending early, drawing, saving, refusals.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../../src/core/base/errors.ts';
import { TABLE } from '../../../../src/core/recipes/trainable-denoiser.ts';
import { defaultServices } from '../../../../src/engine/default-services.ts';
import { decodePicture } from '../../../../src/engine/imaging/index.ts';
import { EMBEDDED_PACK } from '../../../../src/engine/packs/pack-service.ts';
import { openSdPack, tokenizerOf } from '../../../../src/engine/packs/sd-pack.ts';
import { readTable } from '../../../../src/engine/packs/weight-source.ts';
import type { PackInfo, TrainRequest } from '../../../../src/engine/services.ts';
import { listGenerations } from '../../../../src/engine/store/generations.ts';
import { findTokenSet } from '../../../../src/engine/store/token-sets.ts';
import { readWeightsFile } from '../../../../src/engine/training/seas/networks.ts';
import { applyTuned } from '../../../../src/engine/training/seas-picture/fine-tune.ts';
import { baseWeights, openPictureModel } from '../../../../src/engine/training/seas-picture/picture-model.ts';
import { trainingService } from '../../../../src/engine/training/training-service.ts';
import { applyLora, readLora } from '../../../../src/engine/weights/read-lora.ts';
import { openWorkspaceForReading } from '../../../../src/engine/workspace.ts';
import { collect, connect, resultOf } from '../../support/connected.ts';
import { PLATE, writePlate } from '../../support/plate.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { SMALL_MASKS, writeTinyPictures } from '../../support/tiny-sd-pictures.ts';
import { untilStopped } from '../../support/wait-until-stopped.ts';

const TRAIN = { method: 'seas', preset: 'quick', shotSeed: 0, seed: 3, steps: 3 } as const;
const SETTINGS = {
  ...SMALL_MASKS,
  goodPictures: 2,
  heldOut: 2,
  tokenRate: 1e-2,
  adapterRate: 1e-2,
  maskSteps: 24,
};
const DRAW = { seed: 1, shotSeed: 0, settings: { samplerSteps: 3, maskLast: 2 } } as const;

async function workspace(t: TestContext, options: { inpainting?: boolean } = {}) {
  const root = tempFolder(t);
  const source = await writePlate(root, { good: 2, each: 4 });
  const folder = join(root, 'ws');
  const session = connect(t, folder, {}, defaultServices());
  await session.client.workspace.init({});
  await resultOf(session.client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  return { root, folder, pack: writeTinyPictures(join(root, 'sd'), options), ...session };
}

function learned(folder: string, runId: string) {
  const { db, blobs, close } = openWorkspaceForReading(folder);
  const { files, config } = findTokenSet(db, runId)!;
  close();
  return { files, config, read: (name: string) => readWeightsFile(blobs.path(files[name])) };
}

async function pictures(folder: string, runId: string) {
  const { db, blobs, close } = openWorkspaceForReading(folder);
  const rows = listGenerations(db, { runId });
  const made = [];
  for (const row of rows) {
    const { raster } = await decodePicture(blobs.path(row.imageBlob));
    const mask = row.maskBlob === null ? null : (await decodePicture(blobs.path(row.maskBlob))).raster;
    made.push({ row, raster, mask });
  }
  close();
  return made;
}

const usage = (text: RegExp) => (e: unknown) => e instanceof AppError && text.test(e.message);

test('adapters: resumed in either phase, drawn, recreated and saved', async (t) => {
  const { client, folder, root, pack } = await workspace(t);
  const input = { ...TRAIN, pack, adapterRank: 2, settings: SETTINGS };
  const trained = await resultOf(client.training.train(input));
  assert.deepEqual(trained.types, ['dent', 'scratch']);
  assert.deepEqual([trained.summary.steps, trained.summary.maskSteps], [3, 24]);
  assert.equal((trained.summary.lossCurve as { DA_2: number; DA_4: number }[]).length, 3);
  assert.ok(Number(trained.summary.largestTokenChange) > 1e-3);
  assert.ok(Number(trained.summary.heldOutLossAfter) !== Number(trained.summary.heldOutLossBefore));
  const { files, read } = learned(folder, trained.runId);
  assert.deepEqual(Object.keys(files), ['adapters.safetensors', 'rmp.safetensors']);
  const adapters = read('adapters.safetensors');
  const names = Object.keys(adapters).filter((name) => name !== TABLE);
  assert.ok(names.every((name) => /\.attn[12]\.to_(q|k|v|out\.0)\.weight\.lora_(up|down)$/.test(name)));

  // Three checkpoints of the fine-tune, four of the mask network: stopped once in each.
  const stopAt = async (call: object, checkpoint: number): Promise<string> => {
    const stop = new AbortController();
    let [runId, seen] = ['', 0];
    await assert.rejects(async () => {
      const again = call as Parameters<typeof client.training.train>[0];
      for await (const event of await client.training.train(again, { signal: stop.signal })) {
        if (event.event === 'run') runId = event.runId;
        if (event.event === 'checkpoint' && ++seen === checkpoint) stop.abort();
      }
    });
    await untilStopped(client, runId);
    return runId;
  };
  const resume = await stopAt(input, 1);
  await stopAt({ resume }, 3);
  await resultOf(client.training.train({ resume }));
  assert.deepEqual(learned(folder, resume).files, files);

  const drawn = await resultOf(
    client.generation.generate({ ...DRAW, generator: 'seas', type: 'scratch', count: 2 }),
  );
  const made = await pictures(folder, drawn.runId);
  assert.equal(made.length, 2);
  for (const { row, raster, mask } of made) {
    assert.deepEqual([raster.width, raster.height, raster.channels], [PLATE.height, PLATE.height, 3]);
    assert.deepEqual([mask?.width, mask?.height], [PLATE.height, PLATE.height]);
    assert.ok(mask!.data.every((v) => v === 0 || v === 255));
    assert.deepEqual([row.sourceUse, row.checks.outside], ['reference', null]);
  }
  assert.notDeepEqual(made[0].raster.data, made[1].raster.data);
  assert.ok((await resultOf(client.generation.recreate({ id: made[1].row.id }))).equal);
  const good = await resultOf(client.generation.generate({ ...DRAW, generator: 'normal', count: 1 }));
  const [normal] = await pictures(folder, good.runId);
  assert.equal(normal.mask, null);
  const sized = { samplerSteps: 2, output: 'model', maskNorm: 'batch', fit: 'whole', guidance: 1 };
  const square = await resultOf(
    client.generation.generate({ ...DRAW, generator: 'seas', type: 'dent', count: 1, settings: sized }),
  );
  const [small] = await pictures(folder, square.runId);
  assert.deepEqual([small.raster.width, small.mask?.height], [64, 64]);

  const draw = { ...DRAW, type: 'dent', count: 1 };
  await assert.rejects(
    collect(
      client.generation.generate({ seed: 0, shotSeed: 0, type: 'dent', count: 1, generator: 'windows' }),
    ),
    usage(/it draws whole pictures/),
  );
  await assert.rejects(
    collect(client.generation.generate({ ...draw, generator: 'seas', settings: { maskUpper: 4 } })),
    usage(/belongs to training/),
  );

  const ids = made.map(({ row }) => row.id);
  await client.review.decide({ decision: 'accept', select: { ids } });
  const out = join(root, 'set');
  await resultOf(client.exports.export({ format: 'mvtec', out, parts: 'both' }));
  const { generated } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  assert.deepEqual(
    generated.map((g: { outside: unknown; reference?: unknown; source?: unknown }) => [
      g.outside,
      typeof g.reference,
      g.source,
    ]),
    [
      [null, 'object', undefined],
      [null, 'object', undefined],
    ],
  );

  // What is saved is what was learned.
  const save = (as: 'lora' | 'unet' | 'embedding') =>
    resultOf(
      client.weights.export({ tokenSet: trained.runId, as, out: join(root, 'saved', `${as}`), half: false }),
    );
  for (const as of ['lora', 'unet', 'embedding'] as const) await save(as);
  const model = openPictureModel((await infoOf(pack))!, 2, 4);
  const weights = baseWeights(model, { unet: true });
  const before = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  applyTuned(weights, adapters, 2);
  const again = openSdPack({ path: join(root, 'saved', 'unet') });
  const tokenizer = tokenizerOf(again);
  const [prompt] = Object.values(
    JSON.parse(readFileSync(join(root, 'saved', 'unet', 'tokens.json'), 'utf8')).prompts.types,
  ) as string[];
  assert.deepEqual(tokenizer.encodePadded(prompt), model.product.anomaly[0]);
  const source = again.unet.open();
  for (const [name, data] of Object.entries(readTable(source, again.unet.table)))
    assert.deepEqual(data, Float32Array.from(weights[`unet/${name}`]), name);
  source.close();
  const text = again.text.open();
  assert.deepEqual(text.read(TABLE.slice('text/'.length)), Float32Array.from(weights[TABLE]));
  text.close();
  const adapted = [...new Set(names.map((n) => n.slice('unet/'.length).replace(/\.lora_.*/, '')))];
  const lora = Object.fromEntries(adapted.map((n) => [n, Float32Array.from(before[`unet/${n}`])]));
  applyLora(lora, readLora(join(root, 'saved', 'lora'), model.pack), 'unet', 1);
  for (const n of adapted) assert.deepEqual(lora[n], Float32Array.from(weights[`unet/${n}`]), n);
  assert.notDeepEqual(before[TABLE], weights[TABLE]);
});

async function infoOf(path: string) {
  return defaultServices().packs.resolve(path, null);
}

test('whole U-Net of an inpainting model, ended early', async (t) => {
  const { client, folder, pack } = await workspace(t, { inpainting: true });
  const settings = { ...SETTINGS, heldOut: 0, pairing: 'fixed', augment: false, region: 'any', fit: 'whole' };
  let runId = '';
  const events = [];
  for await (const event of await client.training.train({ ...TRAIN, steps: 40, pack, settings })) {
    if (event.event === 'run') runId = event.runId;
    if (event.event === 'loss' && event.step === 2) await client.training.keep({ runId });
    events.push(event);
  }
  const { summary } = events.at(-1) as { summary: Record<string, unknown> };
  assert.ok(Number(summary.steps) >= 2 && Number(summary.steps) < 40, `${summary.steps} updates`);
  assert.equal(summary.maskSteps, Math.round((24 * Number(summary.steps)) / 40));
  const { files, read } = learned(folder, runId);
  assert.deepEqual(Object.keys(files), ['rmp.safetensors', 'weights.safetensors']);
  const model = openPictureModel((await infoOf(pack))!, 2, 4);
  assert.deepEqual(
    new Set(Object.keys(read('weights.safetensors'))),
    new Set([...[...model.pack.unet.table.keys()].map((name) => `unet/${name}`), TABLE]),
  );
  const { runId: drawn } = await resultOf(
    client.generation.generate({ ...DRAW, generator: 'seas', type: 'dent', count: 1 }),
  );
  const [made] = await pictures(folder, drawn);
  assert.deepEqual([made.raster.width, made.raster.height], [PLATE.width, PLATE.height]);
});

test('what cannot be trained is refused before a run is made', async (t) => {
  const { client, pack } = await workspace(t);
  const cases: [object, RegExp][] = [
    [{ settings: { nonsense: 1 } }, /no setting "nonsense"/],
    [{ settings: { maskHeads: 5 } }, /cannot be divided among 5 heads/],
    [{ settings: { tokens: 1.5 } }, /whole number/],
    [{ settings: SETTINGS, memory: 2 ** 20 }, /needs at least/],
  ];
  for (const [wrong, text] of cases) {
    await assert.rejects(collect(client.training.train({ ...TRAIN, pack, ...wrong })), usage(text));
  }
  assert.deepEqual((await client.training.runs({})).runs, []);
  const embedded = (await infoOf(EMBEDDED_PACK)) as PackInfo;
  const request = { method: 'seas', pack: embedded, settings: { guidance: 2 } } as unknown as TrainRequest;
  await assert.rejects(trainingService.outline(request), usage(/for seas on a window pack/));
});
