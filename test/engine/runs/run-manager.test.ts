// Executing a run: what is stored before what is said, and how it ends.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import {
  createRun,
  type ExecuteOptions,
  executeRun,
  identityHash,
} from '../../../src/engine/runs/run-manager.ts';
import { listAudit } from '../../../src/engine/store/audit.ts';
import { listCheckpoints } from '../../../src/engine/store/checkpoints.ts';
import { insertProduct } from '../../../src/engine/store/products.ts';
import { getRun, type RunRow } from '../../../src/engine/store/runs.ts';
import { openWorkspace, type Workspace } from '../../../src/engine/workspace.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { testClock } from '../support/test-clock.ts';

const IDENTITY = {
  method: 'seas',
  params: {},
  seed: 0,
  datasetRevision: 'd',
  packHash: null,
  engineVersion: '1',
  loweringProfile: 'l',
  threads: 1,
  runtimeVersion: '1',
};

async function setup(t: TestContext) {
  const clock = testClock(Date.now());
  const workspace = await openWorkspace(tempFolder(t), { clock, create: true });
  t.after(() => workspace.close());
  insertProduct(workspace.db, { id: 'P', name: 'part', createdAt: 1 });
  const spec = {
    kind: 'train' as const,
    productId: 'P',
    packId: null,
    params: {},
    identityParts: IDENTITY,
    device: 'cpu',
  };
  const run = createRun(workspace, clock, spec);
  const events: { event: string }[] = [];
  const controller = new AbortController();
  const execute = (work: ExecuteOptions['work'], from: RunRow = run) =>
    executeRun(workspace, clock, from, {
      signal: controller.signal,
      emit: (event) => events.push(event),
      work,
    });
  return { clock, workspace, run, events, controller, execute };
}

const stateOf = (workspace: Workspace, run: RunRow) => getRun(workspace.db, run.id)!.state;

test('a new run is queued and has an identity', async (t) => {
  const { workspace, run } = await setup(t);
  assert.deepEqual(getRun(workspace.db, run.id), run);
  assert.equal(run.identity, identityHash(IDENTITY));
});

test('the row says running before the first event, and done with its result in one transaction', async (t) => {
  const { workspace, run, events, execute } = await setup(t);
  let during = '';
  const outcome = await execute(async () => {
    during = stateOf(workspace, run).state;
    return {
      outcome: { loss: 0.5 },
      commit: () => insertProduct(workspace.db, { id: 'Q', name: 'extra', createdAt: 1 }),
    };
  });
  assert.equal(during, 'running');
  assert.deepEqual(outcome, { loss: 0.5 });
  assert.equal(stateOf(workspace, run).state, 'done');
  assert.deepEqual(events, [
    { event: 'run', runId: run.id, kind: 'train', resumed: false, workspace: workspace.folder },
    { event: 'run-end', runId: run.id },
  ]);
  const states = listAudit(workspace.db).map((entry) => JSON.parse(entry.event).state);
  assert.deepEqual(states.filter(Boolean), ['running', 'done']);
});

test('a result that cannot be committed makes the run failed, and nothing of it is kept', async (t) => {
  const { workspace, run, execute } = await setup(t);
  const commit = (): void => {
    insertProduct(workspace.db, { id: 'Q', name: 'extra', createdAt: 1 });
    insertProduct(workspace.db, { id: 'Q', name: 'twice', createdAt: 1 });
  };
  await assert.rejects(
    execute(async () => ({ outcome: {}, commit })),
    /UNIQUE/,
  );
  assert.equal(stateOf(workspace, run).state, 'failed');
  assert.equal(workspace.db.get("SELECT 1 FROM products WHERE id = 'Q'"), undefined);
});

test('an error is stored in plain fields; the run can be started again', async (t) => {
  const { workspace, run, events, execute } = await setup(t);
  const full = new AppError('no-space', 'full', { file: 'f', hint: 'h' });
  await assert.rejects(
    execute(() => Promise.reject(full)),
    full,
  );
  const failed = getRun(workspace.db, run.id)!;
  assert.deepEqual(failed.state.state === 'failed' && failed.state.error, {
    code: 'no-space',
    message: 'full',
    file: 'f',
    hint: 'h',
  });
  await execute(async () => ({ outcome: {} }), failed);
  assert.equal(stateOf(workspace, run).state, 'done');
  assert.deepEqual(
    events.map((event) => [event.event, 'resumed' in event && event.resumed]),
    [
      ['run', false],
      ['run', true],
      ['run-end', false],
    ],
  );
});

test('a stop makes it interrupted and tells how to go on', async (t) => {
  const { workspace, run, controller, execute } = await setup(t);
  const stopped = execute(async (context) => {
    context.progress(3, 10);
    controller.abort();
    context.signal.throwIfAborted();
    return { outcome: {} };
  });
  await assert.rejects(stopped, (e: unknown) => {
    return (
      e instanceof AppError && e.code === 'cancelled' && e.details.hint!.includes(`train --resume ${run.id}`)
    );
  });
  const state = stateOf(workspace, run);
  assert.ok(state.state === 'interrupted' && state.reason === 'stopped' && state.progress?.done === 3);
});

test('a checkpoint is on disk before its event; two are kept; a damaged one is passed over; done drops them', async (t) => {
  const { workspace, run, events, execute } = await setup(t);
  await execute(async (context) => {
    assert.equal(await context.lastCheckpoint(), null);
    for (const step of [1, 2, 3]) {
      await context.checkpoint(step, Buffer.from(`state ${step}`));
      assert.deepEqual(events.at(-1), { event: 'checkpoint', runId: run.id, step });
    }
    const rows = listCheckpoints(workspace.db, run.id);
    assert.deepEqual(
      rows.map((row) => row.step),
      [3, 2],
    );
    let files = 0;
    for await (const _ of workspace.blobs.list()) files++;
    assert.equal(files, 2, 'the file of the dropped one is gone');

    writeFileSync(workspace.blobs.path(rows[0].blob), 'damaged');
    const last = await context.lastCheckpoint();
    assert.deepEqual([last?.step, Buffer.from(last!.bytes).toString()], [2, 'state 2']);
    assert.deepEqual(events.at(-1)?.event, 'log');
    return { outcome: {} };
  });
  assert.deepEqual(listCheckpoints(workspace.db, run.id), []);
  for await (const blob of workspace.blobs.list()) assert.fail(`${blob} is left`);
});

test('progress events are thinned out, but the last of a phase always comes', async (t) => {
  const { clock, events, execute } = await setup(t);
  await execute(async (context) => {
    context.phase('fine-tune');
    for (let i = 1; i <= 1000; i++) {
      clock.advance(1);
      context.progress(i, 1000);
    }
    return { outcome: {} };
  });
  const progress = events.filter((event) => event.event === 'progress') as unknown as {
    done: number;
    phase: string;
  }[];
  assert.ok(
    progress.length >= 9 && progress.length <= 12,
    `${progress.length} events for 1000 steps in a second`,
  );
  assert.deepEqual([progress.at(-1)!.done, progress.at(-1)!.phase], [1000, 'fine-tune']);
});
