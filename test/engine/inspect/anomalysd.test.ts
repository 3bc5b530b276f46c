// AnomalySD the whole way on a small pack: train, resume after a stop to the same weights, inspect, ask again for nothing.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { decodePicture } from '../../../src/engine/imaging/index.ts';
import { findTokenSet } from '../../../src/engine/store/token-sets.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { writeTinySd } from '../packs/tiny-sd.ts';
import { collect, resultOf } from '../support/connected.ts';
import { plateWorkspace } from '../support/real-engine.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tinyWindowPack } from '../support/tiny-window-pack.ts';

const TRAIN = {
  method: 'anomalysd',
  preset: 'quick',
  shotSeed: 0,
  seed: 3,
  steps: 2,
  shots: 1,
  device: 'cpu',
} as const;

const PLATES = { good: 3, each: 1 };

function filesOf(folder: string, runId: string): Record<string, string> {
  const { db, close } = openWorkspaceForReading(folder);
  const { files } = findTokenSet(db, runId)!;
  close();
  return files;
}

test('window pack: a stopped training goes on to the same weights; inspection scores, stores and writes', async (t) => {
  const pack = tinyWindowPack(join(tempFolder(t), 'tiny'));
  const { folder, source, root, session, again } = await plateWorkspace(t, PLATES);
  const whole = await resultOf(session.client.training.train({ ...TRAIN, pack }));
  assert.equal(whole.types.length, 0);
  assert.equal(whole.summary.goodPictures, 1);
  assert.match(String(whole.summary.features), /in place of AlexNet/);

  const stop = new AbortController();
  let runId = '';
  await assert.rejects(async () => {
    for await (const event of await session.client.training.train(
      { ...TRAIN, pack },
      { signal: stop.signal },
    )) {
      if (event.event === 'run') runId = event.runId;
      if (event.event === 'checkpoint' && event.step >= 2) stop.abort();
    }
  });
  const { client } = await again(session);
  await resultOf(client.training.train({ resume: runId }));
  assert.deepEqual(filesOf(folder, runId), filesOf(folder, whole.runId));

  const look = {
    pictures: {
      kind: 'files' as const,
      paths: [join(source, 'test/scratch'), join(source, 'train/good/000.png')],
    },
    mode: 'fast' as const,
    device: 'cpu' as const,
    settings: { samplerSteps: 2 },
  };
  const cost = await client.inspect.cost(look);
  assert.equal(cost.runsPerWindow, 5);
  assert.ok(cost.secondsPerWindow > 0 && cost.windows > 0 && cost.known === 0);
  const out = join(root, 'maps');
  const events = await collect(client.inspect.inspect({ ...look, falseAlarms: 0.4, out }));
  const first = events.at(-1) as Extract<(typeof events)[number], { event: 'result' }> & {
    pictures: { score: number; file: string; label: string | null; id: string }[];
    threshold: { value: number | null; goods: number; supported: boolean };
  };
  assert.equal(first.event, 'result');
  assert.equal(first.pictures.length, 2);
  assert.deepEqual(
    first.pictures.map((p) => p.label),
    ['defect', 'good'],
  );
  assert.ok(first.pictures.every((p) => p.score > 0));
  assert.ok(first.threshold.value !== null && first.threshold.goods >= 1);
  assert.ok(events.some((e) => e.event === 'log' && /repairs of \d+ steps per window/.test(e.message)));
  assert.ok(events.some((e) => e.event === 'progress'));

  const second = await resultOf(client.inspect.inspect({ ...look, falseAlarms: 0.4 }));
  assert.deepEqual(
    second.pictures.map((p) => [p.id, p.score]),
    first.pictures.map((p) => [p.id, p.score]),
  );
  assert.equal(second.cost.known, second.cost.pictures + second.cost.goods);

  const names = readdirSync(out);
  assert.ok(names.includes('inspection.json'));
  const lines = readFileSync(join(out, 'scores.csv'), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, 3);
  const { raster } = await decodePicture(join(out, names.find((n) => n.endsWith('_map.png'))!));
  assert.deepEqual([raster.width, raster.height, raster.data.BYTES_PER_ELEMENT], [192, 144, 2]);
  const heat = await client.media.locate({ kind: 'inspected-heat', id: first.pictures[0].id });
  assert.ok(existsSync(heat.file));
});

test('inspection refuses what it cannot do, in words', async (t) => {
  const pack = tinyWindowPack(join(tempFolder(t), 'tiny'));
  const { source, session } = await plateWorkspace(t, PLATES);
  const { client } = session;
  const refused = async (input: Parameters<typeof client.inspect.inspect>[0], code: string, text: RegExp) =>
    assert.rejects(
      collect(client.inspect.inspect(input)),
      (e) => e instanceof AppError && e.code === code && text.test(`${e.message} ${e.details.hint}`),
    );
  const pictures = { kind: 'files' as const, paths: [join(source, 'test')] };
  await refused({ pictures }, 'not-found', /no model that can inspect.*anomalysd/);
  const { runId } = await resultOf(client.training.train({ ...TRAIN, pack, steps: 1 }));
  await refused({ pictures: { kind: 'files', paths: [join(source, 'nothing')] } }, 'not-found', /no such/);
  await refused(
    { pictures: { kind: 'split', split: 'validation' } },
    'not-found',
    /no pictures in the split/,
  );
  await refused({ pictures, settings: { turns: false } }, 'usage', /belongs to training/);
  await refused({ pictures, settings: { nothing: 1 } }, 'usage', /no setting "nothing"/);
  assert.equal((await client.inspect.models({})).models[0].runId, runId);
  await assert.rejects(
    collect(
      client.generation.generate({ generator: 'windows', count: 1, seed: 0, shotSeed: 0, tokenSet: runId }),
    ),
    (e) => e instanceof AppError && /cannot use what anomalysd learned/.test(e.message),
  );
});

for (const inpainting of [true, false]) {
  const kind = inpainting ? 'inpainting' : 'text-to-image';
  test(`Stable Diffusion ${kind} folder: both levels of prompts, trained and inspected`, async (t) => {
    const pack = writeTinySd(join(tempFolder(t), 'sd'), { inpainting });
    const { source, session } = await plateWorkspace(t, PLATES);
    const { client } = session;
    const trained = await resultOf(client.training.train({ ...TRAIN, pack, settings: { windowPx: 144 } }));
    assert.deepEqual(trained.summary.prompts, ['A perfect plate.', 'A plate with intact surface and edges.']);
    const result = await resultOf(
      client.inspect.inspect({
        pictures: { kind: 'files', paths: [join(source, 'test/dent/000.png')] },
        goods: 1,
        settings: { samplerSteps: 3, scalesFast: '2' },
      }),
    );
    assert.equal(result.cost.runsPerWindow, 2 * 3);
    assert.ok(result.pictures[0].score > 0);
  });
}
