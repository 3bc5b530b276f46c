// Over the port: values arrive as copies, errors with code, file and hint, and leaving a stream stops the work.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromWireError, toPlainError, toWireError } from '../../src/contract/errors.ts';
import { AppError, ERROR_CODES } from '../../src/core/base/errors.ts';
import { getRun } from '../../src/engine/store/runs.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { connect, resultOf } from '../engine/support/connected.ts';
import { writeSource } from '../engine/support/fake-services.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';

test('every error code crosses with its fields', () => {
  for (const code of ERROR_CODES) {
    const back = fromWireError(toWireError(new AppError(code, 'what', { file: 'f', hint: 'h', other: 1 })));
    assert.deepEqual(toPlainError(back), { code, message: 'what', file: 'f', hint: 'h' });
  }
});

test('whatever else is thrown arrives as an internal error with a hint', () => {
  const back = fromWireError(toWireError(new TypeError('x is not a function')));
  assert.equal(back.code, 'internal');
  assert.equal(back.message, 'internal: x is not a function');
  assert.ok(back.details.hint);
});

test('an abort is cancelled, not internal', () => {
  assert.equal(toPlainError(AbortSignal.abort().reason).code, 'cancelled');
});

test('errors of short and of long methods arrive as AppErrors', async (t) => {
  const folder = join(tempFolder(t), 'none');
  const { client } = connect(t, folder);
  const missing = (e: unknown): boolean =>
    e instanceof AppError && e.code === 'not-found' && e.details.file === folder;
  await assert.rejects(client.workspace.info({}), missing);
  await assert.rejects(resultOf(client.workspace.doctor({ repair: false })), missing);
});

test('a call that is aborted before it begins is cancelled', async (t) => {
  const { client } = connect(t, tempFolder(t));
  const signal = AbortSignal.abort();
  await assert.rejects(
    client.workspace.info({}, { signal }),
    (e: unknown) => e instanceof AppError && e.code === 'cancelled',
  );
});

test('leaving a stream early stops the run, which can be resumed', async (t) => {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'part');
  await writeSource(source, { good: 1, crack: 1 });
  const waits = (_step: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const { client, close } = connect(t, folder, { beforeStep: waits });
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  let runId = '';
  for await (const event of await client.training.train({
    method: 'seas',
    preset: 'quick',
    shotSeed: 0,
    seed: 0,
  })) {
    if (event.event === 'run') {
      runId = event.runId;
      break;
    }
  }
  await close();
  const workspace = openWorkspaceForReading(folder);
  assert.equal(getRun(workspace.db, runId)!.state.state, 'interrupted');
  workspace.close();
});

test('closing the engine stops what runs and lets go of the lock', async (t) => {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'part');
  await writeSource(source, { good: 1, crack: 1 });
  let started = (): void => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const waits = (_step: number, signal: AbortSignal) => {
    started();
    return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  const { client, engine } = connect(t, folder, { beforeStep: waits });
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  const training = resultOf(client.training.train({ method: 'seas', preset: 'quick', shotSeed: 0, seed: 0 }));
  const refused = assert.rejects(training, (e: unknown) => e instanceof AppError && e.code === 'cancelled');
  await running;
  await engine.close();
  await refused;
  const next = connect(t, folder);
  const { interruptedRuns } = await resultOf(next.client.workspace.doctor({ repair: true }));
  assert.equal(interruptedRuns.length, 1);
});
