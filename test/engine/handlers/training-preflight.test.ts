// What is said before a fine-tune begins: what would spoil it, how long it takes, and what it needs.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { AppError } from '../../../src/core/base/errors.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { encodeMaskPng } from '../../../src/engine/imaging/index.ts';
import type { Services } from '../../../src/engine/services.ts';
import { connect, resultOf } from '../support/connected.ts';
import { fakeServices, TRAIN_STEPS } from '../support/fake-services.ts';
import { PLATE, writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Real pictures and packs; training itself is not needed. */
const services = (training: Partial<Services['training']> = {}): Services => {
  const real = defaultServices();
  return { ...real, training: { ...real.training, ...training } };
};

async function product(t: TestContext, source: string, given: Services = services()) {
  const { client } = connect(t, join(tempFolder(t), 'parts'), {}, given);
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  return client;
}

const choice = { method: 'seas', preset: 'quick', shotSeed: 0, device: 'cpu' } as const;

test('a sound product has nothing in its way', async (t) => {
  const client = await product(t, await writePlate(tempFolder(t)));
  const found = await client.training.preflight(choice);
  assert.deepEqual(found.findings, []);
  assert.deepEqual([found.shots.length, found.normals, found.heldOut], [6, 6, 2]);
  assert.deepEqual([...new Set(found.shots.map(({ type }) => type))], ['dent', 'scratch']);
});

test('few pictures, specks and pictures of one minute are named, with the pictures they are about', async (t) => {
  const source = await writePlate(tempFolder(t), { good: 2, each: 3 });
  for (const type of ['dent', 'scratch']) {
    for (const [i, name] of ['000', '001', '002'].entries()) {
      const file = join(source, 'test', type, `${name}.png`);
      const when = `2025:03:04 12:00:${String(10 * i).padStart(2, '0')}`;
      const exif = { IFD2: { DateTimeOriginal: when } };
      await writeFile(
        file,
        await sharp(await readFile(file))
          .withExif(exif)
          .png()
          .toBuffer(),
      );
    }
  }
  // One mark is a single pixel.
  const { width, height } = PLATE;
  const data = new Uint8Array(width * height);
  data[width * 40 + 60] = 1;
  await writeFile(
    join(source, 'ground_truth/dent/000_mask.png'),
    await encodeMaskPng({ width, height, data }),
  );
  const client = await product(t, source);
  const { findings } = await client.training.preflight(choice);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['no-held-out', 'tiny-masks', 'one-minute'],
  );
  const [, tiny, minute] = findings;
  assert.deepEqual(
    tiny.pictures.map(({ file }) => file),
    ['test/dent/000.png'],
  );
  assert.deepEqual([tiny.fix, tiny.facts.count, tiny.facts.px], ['label', 1, 1]);
  assert.deepEqual([minute.fix, minute.facts.seconds], ['pictures', 20]);

  const single = await client.training.preflight({ ...choice, shots: 1 });
  const one = single.findings.filter(({ code }) => code === 'one-picture');
  assert.deepEqual(
    one.map(({ type, facts, fix }) => [type, facts.total, fix]),
    [
      ['dent', 3, null],
      ['scratch', 3, null],
    ],
  );
});

test('too little memory or disk stops it, and adapters are offered where they help', async (t) => {
  const source = await writePlate(tempFolder(t), { good: 2, each: 2 });
  const fake = fakeServices().training;
  const tight = services({
    ...fake,
    async plan(request, budget) {
      if (request.adapterRank > 0 && budget >= 2 ** 30) return fake.plan(request, budget);
      throw new AppError('usage', 'this training needs more');
    },
  });
  const client = await product(t, source, tight);
  const memoryOf = async (memory: number) => {
    const { findings } = await client.training.preflight({ ...choice, memory });
    return findings.find(({ code }) => code === 'memory')!;
  };
  const helped = await memoryOf(2 ** 30);
  assert.deepEqual(
    [helped.stops, helped.fix, helped.facts.reason],
    [true, 'adapters', 'this training needs more'],
  );
  assert.equal((await memoryOf(2 ** 20)).fix, 'again');
  const { preset: _, ...job } = choice;
  const { presets } = await client.training.predict(job);
  assert.ok(presets.every(({ problem, bytes }) => problem === 'this training needs more' && bytes === null));

  const huge = services({
    ...fake,
    outline: async ({ adapterRank }) => ({
      steps: 1,
      units: { 'fine-tune': 1 },
      diskBytes: adapterRank === 0 ? 1e18 : 1,
    }),
  });
  const full = await product(t, source, huge);
  const disk = (await full.training.preflight(choice)).findings.find(({ code }) => code === 'disk')!;
  assert.deepEqual([disk.stops, disk.fix, disk.facts.needed], [true, 'adapters', 1e18]);
  assert.equal(
    (await full.training.preflight({ ...choice, adapterRank: 8 })).findings.some(
      ({ code }) => code === 'disk',
    ),
    false,
  );
});

test('what cannot be used is a finding, not a failure', async (t) => {
  const source = await writePlate(tempFolder(t), { good: 2, each: 2 });
  const client = await product(t, source);
  const { findings } = await client.training.preflight({ ...choice, pack: join(source, 'none') });
  assert.deepEqual(
    findings.map(({ code, stops, fix }) => [code, stops, fix]),
    [['pack', true, 'embedded-pack']],
  );
});

test('time is told once it was measured, and what was said is kept beside what it took', async (t) => {
  const source = await writePlate(tempFolder(t), { good: 2, each: 3 });
  const client = await product(t, source, services(fakeServices().training));
  const job = { method: 'seas', shotSeed: 0, device: 'cpu' } as const;
  const before = await client.training.predict(job);
  assert.equal(before.evidence, null);
  assert.ok(before.presets.every(({ forecast, bytes }) => forecast === null && bytes === 2 ** 29));

  await resultOf(client.training.measure(job));
  const measured = await client.training.predict(job);
  assert.deepEqual(measured.evidence, { count: 1, isRun: false, isSame: true });
  const [quick] = measured.presets;
  assert.equal(quick.steps, TRAIN_STEPS);
  assert.deepEqual(
    quick.forecast!.phases.map(({ phase }) => phase),
    ['fine-tune'],
  );
  assert.deepEqual((await client.training.runs({})).runs, [], 'a measurement is no run');

  await resultOf(client.training.train({ ...job, preset: 'quick', seed: 0 }));
  const [run] = (await client.training.runs({})).runs;
  assert.equal(run.forecast!.seconds, quick.forecast!.seconds);
  assert.equal(run.forecastBytes, 2 ** 29);
  assert.ok(run.peakBytes! > 10e6);
  const after = await client.training.predict(job);
  assert.deepEqual(after.evidence, { count: 1, isRun: true, isSame: true });
});
