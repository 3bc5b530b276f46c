// What an export refuses, and that it leaves nothing behind.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { chmod, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { ErrorCode } from '../../../src/core/base/errors.ts';
import { AppError } from '../../../src/core/base/errors.ts';
import { EXPORT_FORMATS } from '../../../src/core/formats/annotations/export-formats.ts';
import type { ExportJob, GeneratedItem } from '../../../src/engine/exports/index.ts';
import { exportDataset } from '../../../src/engine/exports/index.ts';
import { writeError } from '../../../src/engine/exports/write-files.ts';
import { boxMask, maskPng, tempFolder } from '../imaging/make-pictures.ts';
import { smallDisk, writeProtect } from '../support/small-disk.ts';
import { H, sampleJob, W } from './sample-job.ts';

/** Expects the code, a hint, and nothing but the source in the folder. */
async function fails(job: ExportJob, code: ErrorCode, message: RegExp, left = ['source']): Promise<void> {
  await assert.rejects(exportDataset(job), (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
  assert.deepEqual(await readdir(dirname(job.out)), left);
}

test('an existing folder is never written over; a missing parent is not made up', async (t) => {
  const folder = await tempFolder(t);
  const job = await sampleJob(folder, 'mvtec');
  await assert.rejects(exportDataset({ ...job, out: join(folder, 'a/b') }), {
    code: 'not-found',
    message: /a does not exist/,
  });
  assert.deepEqual(await readdir(folder), ['source']);
  await mkdir(job.out);
  await fails(job, 'usage', /exists already/, ['export', 'source']);
});

test('bad items: empty mask, mask of another size, no mask, damaged picture, changed source', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  const withFirst = (change: Partial<GeneratedItem>): ExportJob => ({
    ...job,
    generated: [{ ...job.generated[0], ...change }],
  });
  await fails(withFirst({ maskPng: await maskPng(boxMask(W, H, 0, 0, 0, 0)) }), 'bad-mask', /no pixel/);
  await fails(withFirst({ maskPng: await maskPng(boxMask(H, W, 1, 1, 3, 3)) }), 'bad-mask', /32x40/);
  await fails(withFirst({ maskPng: null }), 'bad-mask', /has no mask/);
  await fails(
    withFirst({ imagePng: (job.generated[0].imagePng as Uint8Array).subarray(0, 200) }),
    'bad-image',
    /cut off/,
  );
  await fails({ ...job, generated: [], real: [] }, 'usage', /nothing to export/);
  await fails(
    { ...job, real: [{ ...job.real[0], absPath: `${job.real[0].absPath}.gone` }] },
    'not-found',
    /000\.png/,
  );
  await writeFile(job.real[0].absPath, job.generated[0].imagePng as Uint8Array);
  await fails(job, 'corrupt', /not the file that was imported/);
});

test('cancelling in the middle leaves nothing behind', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'coco');
  const abort = new AbortController();
  const onProgress = (done: number): void => {
    if (done === 4) abort.abort();
  };
  await fails({ ...job, signal: abort.signal, onProgress }, 'cancelled', /Nothing was exported/);
});

test('too little space is seen before anything is written', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  // A file with a hole: nobody has 8 TB free, and it takes no space itself.
  const huge = join(dirname(job.real[0].absPath), 'huge.tif');
  const handle = await open(huge, 'w');
  const size = await handle.truncate(2 ** 43).then(
    () => true,
    () => false,
  );
  await handle.close();
  if (!size) return t.skip('this file system has no sparse files of that size');
  await fails({ ...job, real: [{ ...job.real[0], absPath: huge }] }, 'no-space', /MB free, the export needs/);
});

test('a read-only target is named as such', async (t) => {
  if (process.platform === 'win32' || process.getuid?.() === 0) {
    t.diagnostic('root may write everywhere: only the wording of the error was checked');
  } else {
    const job = await sampleJob(await tempFolder(t), 'mvtec');
    await chmod(dirname(job.out), 0o555);
    t.after(() => chmod(dirname(job.out), 0o755));
    await fails(job, 'read-only', /read-only/);
  }
  const codeOf = (code: string): string => writeError('x', Object.assign(new Error(code), { code })).code;
  assert.deepEqual(['EROFS', 'EACCES', 'ENOSPC', 'EDQUOT', 'ENOTEMPTY', 'EIO'].map(codeOf), [
    'read-only',
    'read-only',
    'no-space',
    'no-space',
    'usage',
    'runtime',
  ]);
});

test('a disk that fills up in the middle, in every format: said so, and nothing left behind', async (t) => {
  const disk = smallDisk(t, 1_000_000);
  if (disk === null) return t.skip('no file system can be mounted here');
  const sample = await sampleJob(await tempFolder(t), 'mvtec');
  for (const format of EXPORT_FORMATS) {
    const filler = join(disk, 'filler');
    const onProgress = (done: number): void => {
      if (done === 6) assert.throws(() => writeFileSync(filler, Buffer.alloc(1_000_000)), { code: 'ENOSPC' });
    };
    const job = { ...sample, out: join(disk, 'export'), format, onProgress };
    await assert.rejects(exportDataset(job), { code: 'no-space', message: /No space left while writing/ });
    assert.deepEqual(await readdir(disk), ['filler']);
    await rm(filler);
  }
});

test('a write-protected stick is refused before anything is written', async (t) => {
  const disk = smallDisk(t, 1_000_000);
  if (disk === null) return t.skip('no file system can be mounted here');
  const job = await sampleJob(await tempFolder(t), 'cvat');
  writeProtect(disk);
  await assert.rejects(exportDataset({ ...job, out: join(disk, 'export') }), {
    code: 'read-only',
    message: /read-only/,
  });
  assert.deepEqual(await readdir(disk), []);
});
