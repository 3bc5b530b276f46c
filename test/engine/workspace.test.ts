// Opening a workspace: what is made, what is refused, and what is put right after a process died.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/core/base/errors.ts';
import { TEMP_PREFIX } from '../../src/engine/blobs/atomic-write.ts';
import { systemClock } from '../../src/engine/ids.ts';
import { createRunContext } from '../../src/engine/runs/run-context.ts';
import { LOCK_NAME, readLock } from '../../src/engine/runs/workspace-lock.ts';
import { findBrokenAuditEntry, listAudit } from '../../src/engine/store/audit.ts';
import { openWritableStore } from '../../src/engine/store/open-store.ts';
import { getRun } from '../../src/engine/store/runs.ts';
import { openWorkspace, openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { tempFolder } from './support/temp-folder.ts';

const clock = systemClock();
const HOLDER = fileURLToPath(new URL('./support/hold-workspace.ts', import.meta.url));
const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

test('a new workspace holds a database, blobs and packs, and can be moved', async (t) => {
  const folder = join(tempFolder(t), 'deep', 'parts');
  const workspace = await openWorkspace(folder, { clock, create: true });
  const { hash } = await workspace.blobs.put(Buffer.from('abc'));
  workspace.close();
  assert.deepEqual(readdirSync(folder).sort(), ['blobs', 'flawsmith.db', 'packs']);
  const moved = `${folder}-moved`;
  renameSync(folder, moved);
  const again = await openWorkspace(moved, { clock });
  assert.equal(await again.blobs.verify(hash), 'ok');
  assert.deepEqual(again.recovered, { tookOverLock: false, straysRemoved: 0, interruptedRuns: [] });
  again.close();
});

test('a folder without a workspace is refused and left as it is', async (t) => {
  const folder = tempFolder(t);
  await assert.rejects(openWorkspace(folder, { clock }), hasCode('not-found'));
  await assert.rejects(openWorkspace(join(folder, 'x'), { clock }), hasCode('not-found'));
  assert.throws(() => openWorkspaceForReading(folder), hasCode('not-found'));
  assert.deepEqual(readdirSync(folder), []);
});

test('a creation that fails leaves nothing', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'blobs'), 'a file is in the way');
  await assert.rejects(openWorkspace(folder, { clock, create: true }));
  assert.deepEqual(readdirSync(folder), ['blobs']);
});

test('there is one writer; readers come in beside it', async (t) => {
  const folder = tempFolder(t);
  const workspace = await openWorkspace(folder, { clock, create: true });
  await assert.rejects(openWorkspace(folder, { clock }), (e: unknown) => {
    assert.ok(e instanceof AppError && e.code === 'locked');
    assert.match(e.message, new RegExp(`process ${process.pid} on `));
    return true;
  });
  const reader = openWorkspaceForReading(folder);
  assert.equal(listAudit(reader.db).length, 1);
  reader.close();
  workspace.close();
  assert.equal(existsSync(join(folder, LOCK_NAME)), false);
  (await openWorkspace(folder, { clock })).close();
});

test('unfinished writes are swept when a writer opens', async (t) => {
  const folder = tempFolder(t);
  (await openWorkspace(folder, { clock, create: true })).close();
  mkdirSync(join(folder, 'blobs', 'tmp'), { recursive: true });
  writeFileSync(join(folder, 'blobs', 'tmp', `${TEMP_PREFIX}x`), 'half');
  const workspace = await openWorkspace(folder, { clock });
  assert.equal(workspace.recovered.straysRemoved, 1);
  workspace.close();
});

test('unfinished locks of processes that are gone are swept, others stay', async (t) => {
  const folder = tempFolder(t);
  (await openWorkspace(folder, { clock, create: true })).close();
  // Number 2^22 is above the largest process id of Linux; 1 always runs.
  for (const pid of [4194304, 1]) writeFileSync(join(folder, `${TEMP_PREFIX}${pid}-ab`), 'half');
  const workspace = await openWorkspace(folder, { clock });
  t.after(() => workspace.close());
  assert.equal(workspace.recovered.straysRemoved, 1);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(TEMP_PREFIX)),
    [`${TEMP_PREFIX}1-ab`],
  );
});

test('a workspace whose making was cut off says so to readers and is completed by the next writer', async (t) => {
  for (const made of ['an empty database', 'all but the folders and the first entry']) {
    const folder = tempFolder(t);
    const file = join(folder, 'flawsmith.db');
    if (made === 'an empty database') writeFileSync(file, '');
    else openWritableStore(file, { create: true }).close();
    if (made === 'an empty database')
      assert.throws(
        () => openWorkspaceForReading(folder),
        (e: unknown) => e instanceof AppError && /cut off/.test(e.message),
      );
    const workspace = await openWorkspace(folder, { clock });
    assert.deepEqual(
      listAudit(workspace.db).map(({ event }) => event),
      ['{"event":"workspace-created"}'],
    );
    workspace.close();
    assert.deepEqual(readdirSync(folder).sort(), ['blobs', 'flawsmith.db', 'packs']);
  }
});

test('after a kill the lock is taken over, the run is interrupted, its checkpoint is there', async (t) => {
  const folder = tempFolder(t);
  const child = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const runId = line.toString().trim();

  await assert.rejects(openWorkspace(folder, { clock }), (e: unknown) => {
    return e instanceof AppError && e.code === 'locked' && e.details.pid === child.pid;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(readLock(folder)?.pid, child.pid, 'the dead process left its lock');

  const workspace = await openWorkspace(folder, { clock });
  t.after(() => workspace.close());
  assert.deepEqual(workspace.recovered, { tookOverLock: true, straysRemoved: 0, interruptedRuns: [runId] });
  assert.equal(getRun(workspace.db, runId)!.state.state, 'interrupted');
  assert.equal(findBrokenAuditEntry(workspace.db), null);
  const context = createRunContext({
    workspace,
    clock,
    runId,
    signal: new AbortController().signal,
    emit() {},
    onProgress() {},
  });
  const last = await context.lastCheckpoint();
  assert.deepEqual([last?.step, Buffer.from(last!.bytes).toString()], [3, 'state after 3']);
});
