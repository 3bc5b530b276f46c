// Export by the contract: what goes in, what would be in the way, holding and going on, the list and its checks.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FlawsmithClient } from '../../../src/contract/contract.ts';
import type { StepEvent } from '../../../src/contract/events.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { connect, resultOf } from '../support/connected.ts';
import { writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';

const ALL = { format: 'coco', parts: 'both' } as const;

async function setup(t: TestContext, accepted = 3) {
  const root = tempFolder(t);
  const { client } = connect(t, join(root, 'parts'), {}, defaultServices());
  await client.workspace.init({});
  const source = await writePlate(root, { good: 3, each: 2 });
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  if (accepted > 0) {
    const made = { generator: 'paste', type: 'dent', seed: 3, shotSeed: 0, count: accepted } as const;
    await resultOf(client.generation.generate(made));
    await client.review.decide({ decision: 'accept', select: { where: 'all', redecide: false } });
  }
  return { root, client, workspace: join(root, 'parts') };
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));

async function codesOf(
  client: FlawsmithClient,
  input: Partial<Parameters<FlawsmithClient['exports']['preflight']>[0]> & { parent: string },
): Promise<string[]> {
  const { findings } = await client.exports.preflight({ ...ALL, name: 'set', ...input });
  return findings.map(({ code }) => code);
}

test('types and splits decide what goes in; generated pictures are train', async (t) => {
  const { root, client } = await setup(t);
  const out = join(root, 'dents');
  const result = await resultOf(client.exports.export({ ...ALL, out, types: ['dent'] }));
  assert.deepEqual([result.generated, result.real], [3, 5]);
  const { real, generated } = manifestOf(out);
  assert.deepEqual(new Set(real.map((r: { type: string }) => r.type)), new Set(['good', 'dent']));
  assert.equal(generated.length, 3);

  const tested = join(root, 'tested');
  const test = await resultOf(client.exports.export({ ...ALL, out: tested, splits: ['test'] }));
  assert.equal(test.generated, 0);
  assert.deepEqual(
    new Set(manifestOf(tested).real.map((r: { split: string }) => r.split)),
    new Set(['test']),
  );
  await assert.rejects(
    resultOf(client.exports.export({ ...ALL, out: join(root, 'none'), types: [], splits: ['test'] })),
    {
      code: 'usage',
    },
  );
});

test('a type that the product has not is no empty export', async (t) => {
  const { root, client } = await setup(t, 0);
  const input = { format: 'coco', parts: 'real', out: join(root, 'set'), types: ['dnet'] } as const;
  await assert.rejects(resultOf(client.exports.export({ ...input, types: [...input.types] })), {
    code: 'not-found',
    message: /no defect type "dnet"/,
  });
  assert.deepEqual(readdirSync(root).includes('set'), false);
});

test('preflight names what is in the way and writes nothing', async (t) => {
  const { root, client, workspace } = await setup(t);
  const before = readdirSync(root);
  const ready = await client.exports.preflight({ ...ALL, parent: root, name: 'set' });
  assert.deepEqual([ready.out, ready.generated, ready.real, ready.findings], [join(root, 'set'), 3, 7, []]);
  assert.ok(ready.bytes > 10_000);
  assert.deepEqual(await codesOf(client, { parent: root, name: 'parts' }), ['exists']);
  assert.deepEqual(await codesOf(client, { parent: root, name: 'a:b' }), ['bad-name']);
  assert.deepEqual(await codesOf(client, { parent: root, name: '' }), ['bad-name']);
  assert.deepEqual(await codesOf(client, { parent: join(root, 'gone') }), ['no-folder']);
  assert.deepEqual(await codesOf(client, { parent: join(workspace, 'blobs') }), ['in-workspace']);
  assert.deepEqual(await codesOf(client, { parent: root, splits: ['test'] }), ['left-out']);
  assert.deepEqual(await codesOf(client, { parent: root, splits: ['validation'] }), ['nothing', 'left-out']);
  assert.deepEqual(readdirSync(root), before);
});

test('without an accepted picture it is said, not tried', async (t) => {
  const { root, client } = await setup(t, 0);
  assert.deepEqual(await codesOf(client, { parent: root }), ['none-accepted']);
  assert.deepEqual(await codesOf(client, { parent: root, parts: 'real' }), []);
});

test('an export is held and goes on; a held one can be stopped and leaves nothing', async (t) => {
  const { root, client } = await setup(t);
  const out = join(root, 'set');
  assert.deepEqual(await client.exports.hold({ out, hold: true }), { running: false });
  const phases: string[] = [];
  let held = false;
  for await (const event of await client.exports.export({ ...ALL, out })) {
    if (event.event !== 'progress') continue;
    if (phases.at(-1) !== event.phase) phases.push(event.phase);
    if (!held) {
      held = true;
      assert.deepEqual(await client.exports.hold({ out, hold: true }), { running: true });
    }
    if (event.phase === 'paused') await client.exports.hold({ out, hold: false });
  }
  assert.equal(phases.filter((phase) => phase === 'paused').length, 1);
  assert.deepEqual(phases.slice(-2), ['check', 'read']);

  const stop = new AbortController();
  const other = join(root, 'stopped');
  const stopping = async (): Promise<void> => {
    const stream: AsyncIterable<StepEvent | { event: 'result' }> = await client.exports.export(
      { ...ALL, out: other },
      { signal: stop.signal },
    );
    for await (const event of stream) {
      if (event.event !== 'progress') continue;
      if (event.phase === 'paused') stop.abort();
      else await client.exports.hold({ out: other, hold: true });
    }
  };
  await assert.rejects(stopping());
  // The engine clears up after the caller has left.
  while (readdirSync(root).some((name) => name.startsWith('.stopped.partial')))
    await new Promise((r) => setTimeout(r, 20));
  assert.equal(readdirSync(root).includes('stopped'), false);
});

test('earlier exports are listed with how their last check ended', async (t) => {
  const { root, client } = await setup(t);
  const out = join(root, 'set');
  const { fromDrive } = await resultOf(client.exports.export({ ...ALL, out }));
  assert.equal(typeof fromDrive, 'boolean');
  const [listed] = (await client.exports.list({})).exports;
  assert.deepEqual(
    [
      listed.product,
      listed.format,
      listed.folder,
      listed.generated,
      listed.real,
      listed.there,
      listed.checked,
    ],
    ['plate', 'coco', out, 3, 7, true, null],
  );
  await resultOf(client.exports.verify({ folder: out, export: listed.id }));
  assert.equal((await client.exports.list({})).exports[0].checked?.ok, true);
  writeFileSync(join(out, 'README.txt'), 'changed');
  await assert.rejects(resultOf(client.exports.verify({ folder: out, export: listed.id })), {
    code: 'verify-failed',
  });
  const { checked } = (await client.exports.list({ product: 'plate' })).exports[0];
  assert.equal(checked?.ok, false);
  assert.match(checked?.problem ?? '', /README\.txt was changed/);
  assert.deepEqual((await client.exports.list({ product: 'other' })).exports, []);
});
