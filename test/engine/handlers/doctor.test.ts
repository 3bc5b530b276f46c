// doctor: finds damage and leftovers, mends only what loses nothing.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AppError } from '../../../src/core/base/errors.ts';
import { TEMP_PREFIX } from '../../../src/engine/blobs/atomic-write.ts';
import { sha256 } from '../../../src/engine/blobs/blob-reader.ts';
import { partialPath } from '../../../src/engine/blobs/partial-name.ts';
import { connectWritable } from '../../../src/engine/store/database.ts';
import { collect, connect, resultOf } from '../support/connected.ts';
import { abortAt, writeSource } from '../support/fake-services.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function setup(t: TestContext) {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'part');
  await writeSource(source, { good: 1, crack: 1 });
  const { client, close } = connect(t, folder);
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  await close();
  const blobPath = (content: string): string => {
    const hash = sha256(content);
    return join(folder, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash);
  };
  const doctor = async (repair: boolean) => {
    const session = connect(t, folder);
    const events: object[] = [];
    try {
      for await (const event of await session.client.workspace.doctor({ repair })) events.push(event);
      return {
        findings: findingsIn(events),
        result: events.at(-1) as { repaired: number; notes: number },
        error: null,
      };
    } catch (error) {
      return { findings: findingsIn(events), result: null, error: error as AppError };
    } finally {
      await session.close();
    }
  };
  return { folder, blobPath, doctor };
}

const findingsIn = (events: object[]) =>
  events.filter((event) => (event as { event: string }).event === 'finding') as {
    level: string;
    what: string;
    file: string | null;
    repaired: boolean;
  }[];

test('a sound workspace has no findings', async (t) => {
  const { doctor } = await setup(t);
  const { findings, result } = await doctor(false);
  assert.deepEqual(findings, []);
  assert.equal(result?.notes, 0);
});

test('a missing and a damaged file are errors that name the picture', async (t) => {
  const { doctor, blobPath } = await setup(t);
  rmSync(blobPath('good 0'));
  writeFileSync(blobPath('mask crack 0'), 'x');
  const { findings, error } = await doctor(true);
  assert.deepEqual(findings.map((f) => [f.level, f.what]).sort(), [
    ['error', 'the mask of crack/0.png is damaged'],
    ['error', 'the picture good/0.png is missing'],
  ]);
  assert.equal(error?.code, 'corrupt');
});

test('leftovers are notes; only --repair removes them', async (t) => {
  const { folder, doctor, blobPath } = await setup(t);
  const orphan = blobPath('nobody');
  mkdirSync(join(orphan, '..'), { recursive: true });
  writeFileSync(orphan, 'nobody');
  mkdirSync(join(folder, 'blobs', 'tmp'), { recursive: true });
  writeFileSync(join(folder, 'blobs', 'tmp', `${TEMP_PREFIX}1`), 'half');

  const looked = await doctor(false);
  assert.deepEqual(
    looked.findings.map((f) => [f.level, f.repaired]),
    [
      ['note', false],
      ['note', false],
    ],
  );
  const repaired = await doctor(true);
  assert.equal(repaired.result?.repaired, 2);
  assert.deepEqual((await doctor(false)).findings, []);
});

test('while the database is damaged nothing is removed', async (t) => {
  const { folder, doctor, blobPath } = await setup(t);
  const db = connectWritable(join(folder, 'flawsmith.db'), true);
  db.exec('DROP TRIGGER audit_no_update');
  db.run("UPDATE audit SET event = '{}' WHERE seq = 1");
  db.close();
  const orphan = blobPath('nobody');
  mkdirSync(join(orphan, '..'), { recursive: true });
  writeFileSync(orphan, 'nobody');
  const { findings, error } = await doctor(true);
  assert.equal(error?.code, 'corrupt');
  assert.match(findings[0].what, /audit log was altered: entry 1 was changed/);
  assert.deepEqual(
    findings.filter((f) => f.repaired),
    [],
  );
});

test('an interrupted run is pointed out with the way to continue it', async (t) => {
  const { folder } = await setup(t);
  const controller = new AbortController();
  const first = connect(t, folder, { beforeStep: abortAt(1, controller) });
  const stream = first.client.training.train(
    { method: 'seas', preset: 'quick', shotSeed: 0, seed: 0 },
    { signal: controller.signal },
  );
  await assert.rejects(collect(stream));
  await first.close();
  const second = connect(t, folder);
  const events = await collect(second.client.workspace.doctor({ repair: false }));
  const result = events.at(-1) as { interruptedRuns: string[] };
  assert.equal(result.interruptedRuns.length, 1);
  assert.match(findingsIn(events)[0].what, new RegExp(`train --resume ${result.interruptedRuns[0]}`));
});

/** A workspace with a finished run of pictures; `spoil` works on its database. */
async function generated(t: TestContext) {
  const { folder, doctor } = await setup(t);
  const { client, close } = connect(t, folder);
  await resultOf(client.training.train({ method: 'seas', preset: 'quick', shotSeed: 0, seed: 0 }));
  const request = { generator: 'windows', type: 'crack', count: 3, seed: 5, shotSeed: 0 } as const;
  await resultOf(client.generation.generate(request));
  await close();
  const spoil = (sql: string): void => {
    const db = connectWritable(join(folder, 'flawsmith.db'), true);
    db.exec(sql);
    db.close();
  };
  return { folder, doctor, spoil };
}

const SPOILT: [string, string, RegExp][] = [
  [
    'a picture of a finished run is gone',
    'DELETE FROM generations WHERE idx = 1',
    /is done, but its picture 1 is missing/,
  ],
  [
    'a recipe was altered',
    `UPDATE generations SET recipe = '{}' WHERE idx = 0`,
    /the recipe of generated picture \w+ was altered/,
  ],
  [
    'a run was altered',
    `UPDATE runs SET identity = '${'0'.repeat(64)}' WHERE kind = 'train'`,
    /its identity no longer fits/,
  ],
  [
    'what was learned is gone',
    'DELETE FROM token_set_files; DELETE FROM token_sets',
    /what it learned is missing/,
  ],
  ['a state is no state', `UPDATE runs SET state_json = 'null'`, /cannot be read/],
];
for (const [what, sql, expected] of SPOILT) {
  test(`${what}: found, and nothing is removed`, async (t) => {
    const { doctor, spoil } = await generated(t);
    assert.deepEqual((await doctor(false)).findings, []);
    spoil(sql);
    const { findings, error } = await doctor(false);
    assert.equal(error?.code, 'corrupt');
    assert.ok(
      findings.some((f) => f.level === 'error' && expected.test(f.what)),
      JSON.stringify(findings),
    );
  });
}

test('an unfinished lock and an unfinished export are notes; repair removes both', async (t) => {
  const { folder, doctor, spoil } = await generated(t);
  const out = join(folder, '..', 'set');
  mkdirSync(partialPath(out, 'half'));
  writeFileSync(join(folder, `${TEMP_PREFIX}4194304-ab`), '{');
  spoil(`INSERT INTO unfinished_exports SELECT 'U', id, 'coco', '${out}', '[]', '{}', 1 FROM products`);
  const looked = await doctor(false);
  assert.deepEqual(looked.findings.map((f) => f.what).sort(), [
    'an export that is going on or was cut off',
    'an unfinished write',
  ]);
  assert.equal((await doctor(true)).result?.repaired, 2);
  assert.equal(existsSync(partialPath(out, 'half')), false);
  assert.deepEqual((await doctor(false)).findings, []);
});
