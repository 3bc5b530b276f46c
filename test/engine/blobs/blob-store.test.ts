// Content-addressed files: stored once, checked when read, mended when their content comes again, strays swept.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { TEMP_PREFIX } from '../../../src/engine/blobs/atomic-write.ts';
import { sha256 } from '../../../src/engine/blobs/blob-reader.ts';
import { BlobStore } from '../../../src/engine/blobs/blob-store.ts';
import { smallDisk } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // SHA-256 of "abc", FIPS 180-2

const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

function store(t: TestContext): BlobStore {
  return new BlobStore(join(tempFolder(t), 'blobs'));
}

test('bytes and streams lie under their hash, stored once', async (t) => {
  const blobs = store(t);
  assert.deepEqual(await blobs.put(Buffer.from('abc')), { hash: ABC, added: true });
  assert.deepEqual(await blobs.put(chunks('a', 'bc')), { hash: ABC, added: false });
  assert.equal(readFileSync(join(blobs.folder, 'ba', '78', ABC), 'utf8'), 'abc');
  assert.equal((await blobs.get(ABC)).toString(), 'abc');
  assert.deepEqual(await collect(blobs.list()), [ABC]);
  assert.deepEqual(readdirSync(join(blobs.folder, 'tmp')), []);
});

test('an empty blob is a blob', async (t) => {
  const blobs = store(t);
  const { hash } = await blobs.put(Buffer.alloc(0));
  assert.equal((await blobs.get(hash)).length, 0);
});

test('damage and loss are noticed and named', async (t) => {
  const blobs = store(t);
  await blobs.put(Buffer.from('abc'));
  assert.equal(await blobs.verify(ABC), 'ok');
  writeFileSync(blobs.path(ABC), 'abd');
  assert.equal(await blobs.verify(ABC), 'corrupt');
  await assert.rejects(blobs.get(ABC), hasCode('corrupt'));
  rmSync(blobs.path(ABC));
  assert.equal(await blobs.verify(ABC), 'missing');
  await assert.rejects(blobs.get(ABC), hasCode('corrupt'));
});

test('storing the content again mends a damaged blob', async (t) => {
  const blobs = store(t);
  await blobs.put(Buffer.from('abc'));
  writeFileSync(blobs.path(ABC), 'abd');
  assert.deepEqual(await blobs.put(Buffer.from('abc')), { hash: ABC, added: true });
  assert.equal(await blobs.verify(ABC), 'ok');
});

test('a file is copied only if it has the expected content', async (t) => {
  const blobs = store(t);
  const file = join(tempFolder(t), 'a.png');
  writeFileSync(file, 'abc');
  assert.deepEqual(await blobs.putFile(file, ABC), { hash: ABC, added: true });
  assert.deepEqual(await blobs.putFile(file, ABC), { hash: ABC, added: false });
  await assert.rejects(blobs.putFile(file, sha256('other')), hasCode('bad-dataset'));
  writeFileSync(file, 'changed');
  await assert.rejects(blobs.putFile(file, sha256('other')), hasCode('bad-dataset'));
  assert.deepEqual(await collect(blobs.list()), [ABC], 'what did not fit was not kept');
  await assert.rejects(blobs.putFile(join(file, 'x'), sha256('other')), hasCode('not-found'));
});

test('what a killed process left is found and removed, blobs stay', async (t) => {
  const blobs = store(t);
  await blobs.put(Buffer.from('abc'));
  mkdirSync(join(blobs.folder, 'tmp'), { recursive: true });
  writeFileSync(join(blobs.folder, 'tmp', `${TEMP_PREFIX}1-ab`), 'half');
  assert.equal((await blobs.listStrays()).length, 1);
  assert.equal(await blobs.sweepStrays(), 1);
  assert.equal(await blobs.sweepStrays(), 0);
  assert.equal(await blobs.verify(ABC), 'ok');
});

test('names that are no hash cannot reach the file system', (t) => {
  const blobs = store(t);
  for (const name of ['', '../../etc/passwd', ABC.toUpperCase(), `${ABC}0`])
    assert.throws(() => blobs.path(name), { code: 'corrupt' });
});

test('a full disk: no-space, and nothing half-written remains', async (t) => {
  const disk = smallDisk(t, 256 * 1024);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  const blobs = new BlobStore(join(disk, 'blobs'));
  await blobs.put(Buffer.from('abc'));
  await assert.rejects(blobs.put(Buffer.alloc(1 << 20, 7)), hasCode('no-space'));
  assert.deepEqual(await collect(blobs.list()), [ABC]);
  assert.deepEqual(await blobs.listStrays(), []);
});

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
