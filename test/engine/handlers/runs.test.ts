// Training and generation through the contract: what they get, what is stored, and how they resume.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Inputs } from '../../../src/contract/contract.ts';
import { AppError } from '../../../src/core/base/errors.ts';
import { listGenerations } from '../../../src/engine/store/generations.ts';
import { getRun, listRuns } from '../../../src/engine/store/runs.ts';
import { findTokenSet } from '../../../src/engine/store/token-sets.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { collect, connect, resultOf } from '../support/connected.ts';
import { abortAt, type Hooks, TRAIN_STEPS, writeSource } from '../support/fake-services.ts';
import { tempFolder } from '../support/temp-folder.ts';

const TRAIN = { method: 'seas', preset: 'quick', shotSeed: 0, seed: 7 } as const;
const GENERATE = { generator: 'windows', type: 'crack', count: 8, seed: 5, shotSeed: 0 } as const;
const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

async function imported(
  t: TestContext,
  counts: Record<string, number> = { good: 4, crack: 5 },
  hooks: Hooks = {},
) {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'part');
  await writeSource(source, counts);
  const first = connect(t, folder, hooks);
  await first.client.workspace.init({});
  await resultOf(first.client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  const read = <T>(work: (db: ReturnType<typeof openWorkspaceForReading>['db']) => T): T => {
    const workspace = openWorkspaceForReading(folder);
    try {
      return work(workspace.db);
    } finally {
      workspace.close();
    }
  };
  return { folder, source, ...first, read };
}

test('a training stores its token set, and sends run, progress, checkpoints and result', async (t) => {
  const { client, read } = await imported(t);
  const events = await collect(client.training.train({ ...TRAIN, shots: 2 }));
  const kinds = new Set(events.map((event) => event.event));
  assert.deepEqual([...kinds].sort(), ['checkpoint', 'log', 'progress', 'result', 'run', 'run-end']);
  const logs = events.filter((event) => event.event === 'log').map((event) => event.message);
  assert.deepEqual(logs, ['memory: 2 micro-batches, 2 at a time, activations kept: about 0.50 GiB']);
  const result = events.at(-1) as { runId: string; tokenSet: string; summary: Record<string, unknown> };
  assert.deepEqual(result.summary.steps, TRAIN_STEPS);
  assert.deepEqual(
    [(result.summary.shots as string[]).length, result.summary.heldOut, result.summary.normals],
    [2, 3, 4],
  );
  const set = read((db) => findTokenSet(db, result.runId))!;
  assert.deepEqual(
    [set.id, set.types, set.shots.length, Object.keys(set.files)],
    [result.tokenSet, ['crack'], 2, ['unet.safetensors']],
  );
  assert.equal(read((db) => getRun(db, result.runId))!.state.state, 'done');
});

test('an exact copy of a shot is not held out', async (t) => {
  const source = join(tempFolder(t), 'part');
  await writeSource(source, { good: 2, crack: 5, dent: 5 });
  for (let i = 0; i < 5; i++) await writeFile(join(source, 'crack', `${i}.png`), 'the same picture');
  const { client } = connect(t, join(tempFolder(t), 'parts'));
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  const { summary } = await resultOf(client.training.train({ ...TRAIN, shots: 2 }));
  assert.deepEqual([(summary.shots as string[]).length, summary.heldOut], [4, 3], 'only dents are held out');
});

test('without --shots all that is kept for training is taken; more than there is gives a note', async (t) => {
  const { client } = await imported(t);
  const all = await resultOf(client.training.train(TRAIN));
  assert.equal((all.summary.shots as string[]).length, 3, 'types below 12 pictures keep 3');
  const events = await collect(client.training.train({ ...TRAIN, shots: 5 }));
  assert.ok(
    events.some(
      (event) => event.event === 'log' && /only 3 of the 5/.test((event as { message: string }).message),
    ),
  );
});

test('AnoGen learns from three pictures of a type, AnomalySD from four good ones', async (t) => {
  const { client } = await imported(t, { good: 6, crack: 13, dent: 13 });
  const shotsOf = ({ summary }: { summary: Record<string, unknown> }) => summary.shots as string[];
  const anogen = await resultOf(client.training.train({ ...TRAIN, method: 'anogen', type: 'crack' }));
  assert.deepEqual([anogen.types, shotsOf(anogen).length], [['crack'], 3]);
  assert.ok(shotsOf(anogen).every((file) => file.includes('crack')));
  const anomalysd = await resultOf(client.training.train({ ...TRAIN, method: 'anomalysd' }));
  assert.deepEqual([anomalysd.types, shotsOf(anomalysd).length], [[], 4]);
  assert.ok(shotsOf(anomalysd).every((file) => file.includes('good')));
  const one = await resultOf(client.training.train({ ...TRAIN, method: 'anomalysd', shots: 1 }));
  assert.deepEqual(shotsOf(one), shotsOf(anomalysd).slice(0, 1), 'fewer are the first of more');
  for (const wrong of [
    { method: 'seas', type: 'crack' },
    { method: 'anogen', type: 'rust' },
  ] as const)
    await assert.rejects(resultOf(client.training.train({ ...TRAIN, ...wrong })), hasCode('usage'));
  await assert.rejects(
    resultOf(
      client.generation.generate({ generator: 'windows', type: 'crack', count: 1, seed: 0, shotSeed: 0 }),
    ),
    hasCode('not-found'),
    'what AnoGen learned is not for windows',
  );
});

test('AnomalySD needs no defects', async (t) => {
  const { client } = await imported(t, { good: 3 });
  const { summary } = await resultOf(client.training.train({ ...TRAIN, method: 'anomalysd' }));
  assert.equal((summary.shots as string[]).length, 3);
});

test('good pictures alone cannot be trained on', async (t) => {
  const { client } = await imported(t, { good: 3 });
  await assert.rejects(resultOf(client.training.train(TRAIN)), hasCode('no-defects'));
});

test('a cancelled training is interrupted, resumes from its checkpoint, and ends as if it had never stopped', async (t) => {
  const trained: number[] = [];
  const controller = new AbortController();
  const hooks: Hooks = { trained, beforeStep: abortAt(6, controller) };
  const { client, close, folder, read } = await imported(t, undefined, hooks);
  let runId = '';
  await assert.rejects(async () => {
    for await (const event of await client.training.train(TRAIN, { signal: controller.signal })) {
      if (event.event === 'run') runId = event.runId;
    }
  }, hasCode('cancelled'));
  await close();
  assert.equal(read((db) => getRun(db, runId))!.state.state, 'interrupted');

  hooks.beforeStep = undefined;
  const second = connect(t, folder, hooks);
  const resumed = await resultOf(second.client.training.train({ resume: runId }));
  assert.equal(resumed.runId, runId);
  assert.deepEqual(trained, [1, 2, 3, 4, 5, 5, 6], 'step 5 is repeated from the checkpoint of 4');
  const straight = await resultOf(second.client.training.train(TRAIN));
  const weights = (id: string) => read((db) => findTokenSet(db, id))!.files;
  assert.deepEqual(weights(resumed.runId), weights(straight.runId), 'bit-equal');
  const identities = read(listRuns).map((run) => run.identity);
  assert.equal(identities[0], identities[1]);
  await assert.rejects(resultOf(second.client.training.train({ resume: runId })), hasCode('usage'));
});

test('a run is not resumed when what it depends on has changed', async (t) => {
  const hooks: Hooks = {
    beforeStep: (step) => (step === 4 ? Promise.reject(new AppError('no-space', 'full')) : undefined),
  };
  const { client, read } = await imported(t, undefined, hooks);
  await assert.rejects(resultOf(client.training.train(TRAIN)), hasCode('no-space'));
  const [run] = read(listRuns);
  assert.equal(run.state.state, 'failed');
  hooks.beforeStep = undefined;
  hooks.threads = 5;
  await assert.rejects(resultOf(client.training.train({ resume: run.id })), (e: unknown) => {
    return e instanceof AppError && e.code === 'unsupported' && /threads/.test(e.message);
  });
});

test('less memory gives another plan, which is part of the run and kept when it is resumed', async (t) => {
  const hooks: Hooks = {
    beforeStep: (step) => (step === 4 ? Promise.reject(new AppError('no-space', 'full')) : undefined),
  };
  const { client, read } = await imported(t, undefined, hooks);
  await assert.rejects(resultOf(client.training.train({ ...TRAIN, memory: 2 ** 29 })), hasCode('no-space'));
  hooks.beforeStep = undefined;
  const [run] = read(listRuns);
  const events = await collect(client.training.train({ resume: run.id }));
  const log = events.find((event) => event.event === 'log');
  assert.equal(log?.message, 'memory: 2 micro-batches, 1 at a time, activations kept, as before');
  await resultOf(client.training.train(TRAIN));
  const identities = read(listRuns).map((row) => row.identity);
  assert.equal(new Set(identities).size, 2);
});

test('the device is part of a run: it is stored, resumed on, and another card is refused', async (t) => {
  const lost = new AppError('runtime', 'the card is lost', { resumable: true, hint: 'Look at the driver.' });
  const hooks: Hooks = {
    gpu: 'card A',
    beforeStep: (step) => (step === 4 ? Promise.reject(lost) : undefined),
  };
  const { client, read } = await imported(t, undefined, hooks);
  let hint = '';
  await assert.rejects(resultOf(client.training.train({ ...TRAIN, device: 'gpu' })), (e: unknown) => {
    hint = (e as AppError).details.hint ?? '';
    return e instanceof AppError && e.code === 'runtime' && e.message === 'the card is lost';
  });
  const [run] = read(listRuns);
  assert.match(hint, new RegExp(`train --resume ${run.id}.*Look at the driver`));
  assert.deepEqual([run.device, run.params.device, run.identityParts.device], ['gpu', 'gpu', 'gpu card A']);
  hooks.beforeStep = undefined;
  hooks.gpu = 'card B';
  await assert.rejects(resultOf(client.training.train({ resume: run.id })), (e: unknown) => {
    return e instanceof AppError && e.code === 'unsupported' && /the device/.test(e.message);
  });
  hooks.gpu = 'card A';
  assert.equal((await resultOf(client.training.train({ resume: run.id }))).runId, run.id);
  await resultOf(client.training.train(TRAIN));
  const onCpu = read(listRuns).find((other) => other.id !== run.id);
  assert.deepEqual([onCpu?.device, onCpu?.identityParts.device], ['cpu', undefined]);
  assert.notEqual(onCpu?.identity, run.identity);
});

test('generated pictures are stored with their full recipe', async (t) => {
  const { client, read } = await imported(t);
  const trained = await resultOf(client.training.train(TRAIN));
  const events = await collect(
    client.generation.generate({ ...GENERATE, generator: 'blend', variation: 0.5, attributes: { sks1: 1 } }),
  );
  assert.equal(events.filter((event) => event.event === 'picture').length, 8);
  const result = events.at(-1) as { runId: string; total: number; flagged: number };
  assert.deepEqual([result.total, result.flagged], [8, 2]);
  const rows = read((db) => listGenerations(db, { runId: result.runId }));
  assert.deepEqual(
    rows.map((row) => row.index),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  const { recipe } = rows[3];
  const set = read((db) => findTokenSet(db, trained.runId))!;
  assert.deepEqual(Object.keys(recipe).sort(), [
    'attributes',
    'engineVersion',
    'generator',
    'index',
    'label',
    'mask',
    'maskSha256',
    'pack',
    'run',
    'runSeed',
    'seed',
    'source',
    'type',
    'variation',
    'weights',
    'window',
  ]);
  assert.deepEqual(recipe.weights, set.files);
  assert.deepEqual([recipe.seed, recipe.runSeed, recipe.mask], [8, 5, { warp: 3 }]);
  assert.ok(rows[3].maskBlob);
  assert.equal(recipe.maskSha256, rows[3].maskBlob);
  assert.match(String((recipe.source as { sha256: string }).sha256), /^[0-9a-f]{64}$/);
  assert.deepEqual(rows[3].flags, ['agreement']);
});

test('a stopped generation resumes without gap or double', async (t) => {
  const generated: number[] = [];
  const controller = new AbortController();
  const hooks: Hooks = { generated };
  const { client, close, folder, read } = await imported(t, undefined, hooks);
  await resultOf(client.training.train(TRAIN));
  hooks.beforeStep = abortAt(5, controller);
  await assert.rejects(
    resultOf(client.generation.generate(GENERATE, { signal: controller.signal })),
    hasCode('cancelled'),
  );
  await close();
  const run = read(listRuns).at(-1)!;
  assert.equal(run.state.state, 'interrupted');
  const before = read((db) => listGenerations(db, { runId: run.id }));
  assert.equal(before.length, 5);

  hooks.beforeStep = undefined;
  const second = connect(t, folder, hooks);
  const result = await resultOf(second.client.generation.generate({ resume: run.id }));
  assert.equal(result.total, 8);
  const after = read((db) => listGenerations(db, { runId: run.id }));
  assert.deepEqual(
    after.map((row) => row.index),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  assert.deepEqual(after.slice(0, before.length), before, 'what was there was left alone');
  assert.equal(new Set(generated).size, generated.length, 'nothing was made twice');
});

const REFUSED: [
  string,
  Partial<Exclude<Inputs['generation']['generate'], { resume: string }>>,
  string,
  RegExp,
][] = [
  ['an unknown type', { type: 'dent' }, 'usage', /dent/],
  ['a type with normal', { generator: 'normal' }, 'usage', /--type/],
  ['an unknown token set', { tokenSet: '01J9ZQ4M7N8P6R5S3T2V1W0XYZ' }, 'not-found', /01J9/],
  ['an unknown product', { product: 'bolt' }, 'not-found', /bolt/],
];
for (const [what, change, code, message] of REFUSED) {
  test(`${what} is refused before anything is stored`, async (t) => {
    const { client, read } = await imported(t);
    await resultOf(client.training.train(TRAIN));
    await assert.rejects(resultOf(client.generation.generate({ ...GENERATE, ...change })), (e: unknown) => {
      return e instanceof AppError && e.code === code && message.test(e.message);
    });
    assert.equal(read(listRuns).length, 1);
  });
}

test('only paste works without a fine-tune', async (t) => {
  const { client } = await imported(t);
  await assert.rejects(resultOf(client.generation.generate(GENERATE)), hasCode('not-found'));
  assert.equal((await resultOf(client.generation.generate({ ...GENERATE, generator: 'paste' }))).total, 8);
});

test('one type needs no --type, several do; normal pictures have none', async (t) => {
  const { client } = await imported(t, { good: 2, crack: 3, dent: 3 });
  await resultOf(client.training.train(TRAIN));
  const { type: _, ...open } = GENERATE;
  await assert.rejects(resultOf(client.generation.generate(open)), (e: unknown) => {
    return e instanceof AppError && e.code === 'usage' && /crack, dent/.test(e.details.hint!);
  });
  assert.equal((await resultOf(client.generation.generate({ ...open, generator: 'normal' }))).type, null);
});

test('review by rule and by id, listing, and exporting only what was accepted', async (t) => {
  const { client, folder } = await imported(t);
  await resultOf(client.training.train(TRAIN));
  const { runId } = await resultOf(client.generation.generate(GENERATE));
  const out = join(folder, 'out');
  const job = { format: 'mvtec' as const, out, parts: 'both' as const };
  await assert.rejects(resultOf(client.exports.export(job)), hasCode('not-found'));

  const rule = { where: 'flag', flag: 'agreement', redecide: false } as const;
  assert.deepEqual(await client.review.decide({ decision: 'reject', reason: 'faint', select: rule }), {
    decided: 2,
    accepted: 0,
    rejected: 2,
    undecided: 6,
  });
  const all = { where: 'all', redecide: false } as const;
  assert.equal(
    (await client.review.decide({ decision: 'accept', select: all })).decided,
    6,
    'decided ones are left alone',
  );
  const { pictures } = await client.review.list({ run: runId, status: 'accepted' });
  const ids = [pictures[0].id, pictures[0].id];
  assert.deepEqual(await client.review.decide({ decision: 'reset', select: { ids } }), {
    decided: 1,
    accepted: 5,
    rejected: 2,
    undecided: 1,
  });
  const unknown = { ids: [pictures[1].id, '01J9ZQ4M7N8P6R5S3T2V1W0XYZ'] };
  await assert.rejects(client.review.decide({ decision: 'reject', select: unknown }), hasCode('not-found'));

  const exported = await resultOf(client.exports.export(job));
  assert.deepEqual([exported.generated, exported.real], [5, 9]);
  assert.equal((await resultOf(client.exports.verify({ folder: out }))).files, 5);
});

test('a difference found by verify is an error that names the file', async (t) => {
  const { client, source } = await imported(t, { good: 1, crack: 1 });
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(source, 'x.bad'), '');
  await assert.rejects(resultOf(client.exports.verify({ folder: source })), (e: unknown) => {
    return e instanceof AppError && e.code === 'verify-failed' && e.details.file === 'x.bad';
  });
});

test('the demo goes the whole way in a folder of its own', async (t) => {
  const out = join(tempFolder(t), 'demo');
  const { client } = connect(t, join(out, 'unused'));
  const result = await resultOf(client.demo.run({ out, shots: 3, seed: 0 }));
  assert.equal(result.workspace, join(out, 'workspace'));
  assert.equal(result.pictures, 60 + 8);
  assert.equal(result.accepted, 45 + 6);
  await assert.rejects(resultOf(client.demo.run({ out, shots: 3, seed: 0 })), hasCode('usage'));
});

for (const [what, counts, code] of [
  ['good pictures', { crack: 3 }, 'bad-dataset'],
  ['labelled defects', { good: 3 }, 'no-defects'],
] as const) {
  test(`the demo refuses a folder without ${what} before it trains`, async (t) => {
    const [data, out] = [join(tempFolder(t), 'part'), join(tempFolder(t), 'demo')];
    await writeSource(data, counts);
    const trained: number[] = [];
    const { client } = connect(t, join(out, 'unused'), { trained });
    await assert.rejects(resultOf(client.demo.run({ data, out, shots: 3, seed: 0 })), (e: unknown) => {
      return e instanceof AppError && e.code === code && !!e.details.hint;
    });
    assert.deepEqual(trained, []);
  });
}

test('the demo names no option it lacks where the folder holds several products', async (t) => {
  const out = join(tempFolder(t), 'demo');
  const several = new AppError('bad-dataset', 'two', { products: ['a', 'b'], hint: 'Use --product.' });
  const { client } = connect(t, join(out, 'unused'), { beforeScan: () => Promise.reject(several) });
  await assert.rejects(resultOf(client.demo.run({ data: out, out, shots: 3, seed: 0 })), (e: unknown) => {
    return e instanceof AppError && e.code === 'bad-dataset' && /folder of one product/.test(e.details.hint!);
  });
});
