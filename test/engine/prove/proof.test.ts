// A whole proof through the contract: a small product, a tiny pack, real trainings.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FlawsmithClient } from '../../../src/contract/contract.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { collect, connect, resultOf } from '../support/connected.ts';
import { writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tinyWindowPack } from '../support/tiny-window-pack.ts';

type ProofInput = Extract<Parameters<FlawsmithClient['prove']['run']>[0], { shots: number }>;

async function plate(t: TestContext) {
  const data = await writePlate(tempFolder(t), { good: 7, each: 5 });
  const folder = join(tempFolder(t), 'proof');
  const input: ProofInput = {
    data,
    shots: 3,
    seeds: 1,
    preset: 'quick',
    arms: ['real+paste', 'real+windows'],
    device: 'cpu',
    pack: tinyWindowPack(join(tempFolder(t), 'tiny')),
    settings: { fineTuneSteps: 2, generated: 4, detectorSteps: 4 },
  };
  return { data, folder, input };
}

const engineOn = (t: TestContext, folder: string) => connect(t, folder, {}, defaultServices());

test('a proof compares every arm on the same pictures, reports, and is not done twice', async (t) => {
  const { folder, input } = await plate(t);
  const { client } = engineOn(t, folder);
  const events = await collect(client.prove.run(input));
  const cells = events.filter((e) => e.event === 'cell');
  assert.equal(cells.length, 3);
  const result = events.at(-1)!;
  assert.ok(result.event === 'result' && 'verdict' in result);
  assert.deepEqual(Object.keys(result.arms), ['real', 'real+paste', 'real+windows']);
  for (const { iou, imageAuroc } of Object.values(result.arms)) {
    assert.equal(iou.seeds.length, 1);
    assert.ok(iou.lo! <= iou.mean! && iou.mean! <= iou.hi!);
    assert.equal(imageAuroc.mean !== null, result.split.testNormals > 0);
  }
  assert.equal(result.split.testDefects, 4);
  assert.ok(result.verdict.length > 10);
  assert.match(readFileSync(result.report.pdf, 'latin1'), /^%PDF-1\.4[\s\S]*%%EOF\n$/);
  const html = readFileSync(result.report.html, 'utf8');
  assert.ok(html.includes(result.verdict.replace(/</g, '&lt;')));
  assert.match(html, /Parts unknown/);
  assert.doesNotMatch(html, /https?:\/\//);

  const again = await collect(client.prove.run(input));
  assert.equal(again.filter((e) => e.event === 'cell').length, 0);
  const { report: _, ...first } = result;
  const { report: __, ...second } = again.at(-1) as typeof result;
  assert.deepEqual(second, first);

  const [row] = (await client.prove.list({})).proofs;
  assert.deepEqual([row.id, row.state, row.cellsDone], [result.runId, 'done', 3]);
  const proof = await client.prove.get({ id: row.id });
  assert.deepEqual(proof.arms, result.arms);
  assert.deepEqual(
    proof.quality.map((q) => q.generator),
    ['paste', 'windows'],
  );
  assert.ok(proof.quality.every((q) => q.kid !== null && q.diversity !== null && q.pictures > 0));
  assert.equal(existsSync(join(folder, 'proofs', row.id)), false);
});

test('a proof that is stopped gives what one without a stop gives', async (t) => {
  const { folder, input: full } = await plate(t);
  const input: ProofInput = { ...full, seeds: 2, arms: ['real+paste'] };
  const whole = engineOn(t, join(folder, 'whole'));
  const expected = await resultOf(whole.client.prove.run(input));

  const part = join(folder, 'part');
  const first = engineOn(t, part);
  let runId = '';
  for await (const event of await first.client.prove.run(input)) {
    if (event.event === 'run') runId = event.runId;
    if (event.event === 'cell') break;
  }
  await first.close();
  const second = engineOn(t, part);
  const { state, cellsDone } = await second.client.prove.get({ id: runId });
  assert.equal(state, 'interrupted');
  assert.ok(cellsDone >= 1 && cellsDone < 4);
  const events = await collect(second.client.prove.run({ resume: runId }));
  assert.equal(events.filter((e) => e.event === 'cell').length, 4 - cellsDone);
  const resumed = events.at(-1)!;
  assert.ok(resumed.event === 'result' && 'verdict' in resumed);
  assert.deepEqual(resumed.arms, expected.arms);
  assert.deepEqual(resumed.comparisons, expected.comparisons);
});

test('a copy of a training picture among the test pictures is refused with the pair', async (t) => {
  const { data, folder, input } = await plate(t);
  mkdirSync(join(data, 'test/good'), { recursive: true });
  copyFileSync(join(data, 'train/good/002.png'), join(data, 'test/good/copy.png'));
  const { client } = engineOn(t, folder);
  await assert.rejects(resultOf(client.prove.run(input)), (error: Error) => {
    assert.match(error.message, /train\/good\/002\.png.*test\/good\/copy\.png.*same picture/);
    return true;
  });
  const check = await client.prove.check({ shots: 3 });
  assert.equal(check.leaks.length, 1);
  assert.match(check.refusal!, /leaks/);
  const allowed = await resultOf(client.prove.run({ ...input, arms: ['real'], leaveOutLeaks: true }));
  assert.equal(allowed.split.leftOut, 1);
  assert.match(allowed.verdict, /nothing was scored/);
});

test('too few labelled defects are said, not tested on', async (t) => {
  const data = await writePlate(tempFolder(t), { good: 3, each: 3 });
  const { client } = engineOn(t, join(tempFolder(t), 'few'));
  await assert.rejects(resultOf(client.prove.run({ data, shots: 3 })), /too few labelled defects/);
});

test('accepted pictures count unless they were made from test pictures', async (t) => {
  const data = await writePlate(tempFolder(t), { good: 5, each: 5 });
  const { client } = engineOn(t, join(tempFolder(t), 'accepted'));
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source: data, layout: 'auto', dryRun: false, skipBad: false }));
  const paste = async (shotSeed: number) => {
    const input = { generator: 'paste', type: 'dent', count: 2, seed: 1, shotSeed, masks: 'real' } as const;
    await resultOf(client.generation.generate(input));
    await client.review.decide({
      decision: 'accept',
      reason: 'good',
      select: { where: 'unflagged', redecide: false },
    });
    return (await client.prove.check({ shots: 3 })).accepted;
  };
  const own = await paste(0);
  assert.ok(own > 0, 'nothing was accepted');
  // Another choice of shots: among them are pictures that the proof tests on.
  assert.equal(await paste(3), own);
});
