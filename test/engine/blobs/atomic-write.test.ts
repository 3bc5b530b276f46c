// Atomic writes: old or new content, never half of it, whatever goes wrong in between.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { atomicWrite, isTempName, makeFolder } from '../../../src/engine/blobs/atomic-write.ts';
import { translateFsError } from '../../../src/engine/blobs/fs-error.ts';
import { smallDisk, writeProtect } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';

const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

test('writes bytes, text and streams, and replaces what was there', async (t) => {
  const file = join(tempFolder(t), 'a');
  for (const content of ['text', Buffer.from([1, 2, 3]), chunks('ab', 'cd')]) {
    await atomicWrite(file, content);
  }
  assert.equal(readFileSync(file, 'utf8'), 'abcd');
});

test('a stream that breaks leaves the old content and no temporary file', async (t) => {
  const folder = tempFolder(t);
  const file = join(folder, 'a');
  await atomicWrite(file, 'old');
  await assert.rejects(atomicWrite(file, breaking()), /broken/);
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('a process killed between writing and renaming leaves the old content and a name that is recognised', async (t) => {
  const folder = tempFolder(t);
  const file = join(folder, 'a');
  await atomicWrite(file, 'old');
  // The rename is the last thing atomicWrite does: a process that dies in its stream's last moment stops just before it.
  const script = `
    import { atomicWrite } from ${JSON.stringify(new URL('../../../src/engine/blobs/atomic-write.ts', import.meta.url).href)};
    await atomicWrite(${JSON.stringify(file)}, (async function* () { yield Buffer.from('new'); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); })());`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(child.signal, 'SIGKILL');
  assert.equal(readFileSync(file, 'utf8'), 'old');
  const left = readdirSync(folder).filter((name) => name !== 'a');
  assert.equal(left.length, 1);
  assert.ok(isTempName(left[0]));
});

test('a full disk: no-space, the old content stays, nothing is left behind', async (t) => {
  const folder = smallDisk(t, 64 * 1024);
  if (folder === null) return t.skip('needs the right to mount a small file system');
  const file = join(folder, 'a');
  await atomicWrite(file, 'old');
  await assert.rejects(atomicWrite(file, Buffer.alloc(1 << 20)), hasCode('no-space'));
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('missing folders are made, also several at once', async (t) => {
  const folder = join(tempFolder(t), 'a', 'b', 'c');
  await makeFolder(folder);
  await makeFolder(folder);
  assert.deepEqual(readdirSync(folder), []);
});

test('a write-protected drive is called that, also for folders that are missing', async (t) => {
  const disk = smallDisk(t, 64 * 1024);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  writeProtect(disk);
  await assert.rejects(makeFolder(join(disk, 'a', 'b')), hasCode('read-only'));
  await assert.rejects(atomicWrite(join(disk, 'a'), 'x'), hasCode('read-only'));
});

test('a file where a folder should be is named', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'a'), '');
  await assert.rejects(makeFolder(join(folder, 'a', 'b')), hasCode('not-found'));
  mkdirSync(join(folder, 'd'));
  await assert.rejects(atomicWrite(join(folder, 'd'), 'x'), (e: unknown) => e instanceof AppError);
});

test('errors of the disk become AppErrors with file and hint', () => {
  const cases: [string, string][] = [
    ['ENOSPC', 'no-space'],
    ['EDQUOT', 'no-space'],
    ['EFBIG', 'no-space'],
    ['EROFS', 'read-only'],
    ['EACCES', 'read-only'],
    ['ENOENT', 'not-found'],
    ['EIO', 'runtime'],
  ];
  for (const [code, expected] of cases) {
    const error = translateFsError(Object.assign(new Error('x'), { code }), 'f') as AppError;
    assert.equal(error.code, expected);
    assert.equal(error.details.file, 'f');
    assert.ok(error.details.hint);
  }
  const other = new TypeError('x');
  assert.equal(translateFsError(other, 'f'), other);
});

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('broken');
}
