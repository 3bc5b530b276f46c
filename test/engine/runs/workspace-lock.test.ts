// The workspace lock: who holds it, when it may be taken over, and that only one of many gets it.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { livenessOf, thisProcess } from '../../../src/engine/runs/process-identity.ts';
import {
  acquireLock,
  LOCK_NAME,
  type LockHolder,
  readLock,
} from '../../../src/engine/runs/workspace-lock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const now = Date.now();
const options = { now, exclusively: (work: () => void) => work() };
const isLocked = (e: unknown): boolean =>
  e instanceof AppError && e.code === 'locked' && e.details.hint !== undefined;

function leaveLock(folder: string, holder: Partial<LockHolder>): void {
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ ...thisProcess(), since: now, ...holder }));
}

/** A number that a process had and no process has now. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

test('the lock names its holder and is gone after release', (t) => {
  const folder = tempFolder(t);
  const lock = acquireLock(folder, options);
  const holder = readLock(folder)!;
  assert.deepEqual([holder.pid, holder.host, holder.since], [process.pid, hostname(), now]);
  assert.equal(lock.tookOver, false);
  assert.throws(() => acquireLock(folder, options), isLocked);
  lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test('the lock of a process that died is taken over', (t) => {
  const folder = tempFolder(t);
  leaveLock(folder, { pid: deadPid() });
  const lock = acquireLock(folder, options);
  assert.equal(lock.tookOver, true);
  assert.equal(readLock(folder)?.pid, process.pid);
  lock.release();
});

test('a number that another process has by now does not keep the lock', {
  skip: process.platform !== 'linux',
}, (t) => {
  const folder = tempFolder(t);
  leaveLock(folder, { start: 'another boot:12345' });
  assert.equal(acquireLock(folder, options).tookOver, true);
});

test("another computer's lock, or another container's, is never taken over", (t) => {
  const folder = tempFolder(t);
  leaveLock(folder, { host: 'line-3', pid: deadPid() });
  assert.throws(
    () => acquireLock(folder, options),
    (e: unknown) => isLocked(e) && /line-3/.test((e as Error).message),
  );
  leaveLock(folder, { space: 'pid:[1]', pid: deadPid() });
  assert.throws(() => acquireLock(folder, options), isLocked);
});

test('an unreadable lock counts while it is fresh (it is being written), not later', (t) => {
  const folder = tempFolder(t);
  const file = join(folder, LOCK_NAME);
  writeFileSync(file, '{"pid":');
  assert.throws(() => acquireLock(folder, options), isLocked);
  utimesSync(file, new Date(now - 60_000), new Date(now - 60_000));
  assert.equal(acquireLock(folder, options).tookOver, true);
});

test('release leaves the lock of whoever took over', (t) => {
  const folder = tempFolder(t);
  const lock = acquireLock(folder, options);
  leaveLock(folder, { host: 'line-3' });
  lock.release();
  assert.ok(existsSync(join(folder, LOCK_NAME)));
});

test('we are alive, the dead are gone', () => {
  assert.equal(
    livenessOf(thisProcess(), now),
    process.platform === 'linux' ? 'alive' : livenessOf(thisProcess(), now),
  );
  assert.equal(livenessOf({ ...thisProcess(), pid: deadPid() }, now), 'gone');
});

test('of several processes that find a dead holder, one gets the lock', async (t) => {
  const folder = tempFolder(t);
  leaveLock(folder, { pid: deadPid() });
  const url = (path: string): string =>
    JSON.stringify(new URL(`../../../src/engine/${path}`, import.meta.url).href);
  const script = `
    import { acquireLock } from ${url('runs/workspace-lock.ts')};
    import { connectWritable } from ${url('store/database.ts')};
    const exclusively = (work) => { const db = connectWritable(${JSON.stringify(join(folder, 'flawsmith.db'))}, false); db.transaction(work); db.close(); };
    try { acquireLock(${JSON.stringify(folder)}, { now: Date.now(), exclusively }); console.log('got it'); } catch (e) { console.log(e.code); }
    await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve));
    process.exit();`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script]),
  );
  const answers = await Promise.all(
    children.map(
      (child) =>
        new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim()))),
    ),
  );
  for (const child of children) child.stdin.end();
  assert.deepEqual(answers.sort(), ['got it', 'locked', 'locked', 'locked']);
  assert.ok(JSON.parse(readFileSync(join(folder, LOCK_NAME), 'utf8')).pid !== process.pid);
});
