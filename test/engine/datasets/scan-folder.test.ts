// Scanning real folders: layouts, problems file by file, and the source left as it was.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import type { ImportReport } from '../../../src/core/domain/import-report.ts';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import {
  boxMask,
  encoded,
  maskPng,
  put,
  tempFolder,
  testRaster,
  turnedJpeg,
} from '../imaging/make-pictures.ts';

const W = 24;
const H = 16;
const picture = (salt: number): Promise<Uint8Array> => encoded(testRaster(W, H, 3, false, salt));
const goodMask = (): Promise<Uint8Array> => maskPng(boxMask(W, H, 3, 4, 5, 2));

/** Two normals, a test normal, two scratches, one hole. */
async function mvtecSet(folder: string): Promise<string> {
  for (const [i, file] of ['train/good/000.png', 'train/good/001.png', 'test/good/000.png'].entries()) {
    await put(folder, file, await picture(i));
  }
  for (const [i, file] of ['scratch/000', 'scratch/001', 'hole/000'].entries()) {
    await put(folder, `test/${file}.png`, await picture(10 + i));
    await put(folder, `ground_truth/${file}_mask.png`, await goodMask());
  }
  return folder;
}

const rejects = (report: ImportReport): string[] =>
  report.problems.filter((p) => p.level === 'reject').map((p) => p.file);
const warns = (report: ImportReport): string[] =>
  report.problems.filter((p) => p.level === 'warn').map((p) => `${p.file}: ${p.message}`);

/** Hash over all names and bytes below a folder. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    hash.update(join(entry.parentPath, entry.name));
    if (entry.isFile()) hash.update(await readFile(join(entry.parentPath, entry.name)));
  }
  return hash.digest('hex');
}

test('MVTec layout: roles, splits, types, masks; the source is not touched', async (t) => {
  const folder = await mvtecSet(await tempFolder(t));
  const before = await fingerprint(folder);
  const progress: number[] = [];
  const report = await scanFolder(folder, {
    groupBy: /(\d+)\.png$/,
    onProgress: (done) => progress.push(done),
  });
  assert.equal(report.layout, 'mvtec');
  assert.match(report.why, /MVTec/);
  assert.equal(report.product, basename(folder));
  assert.deepEqual(report.types, [
    { name: 'hole', count: 1 },
    { name: 'scratch', count: 2 },
  ]);
  assert.equal(report.normals, 3);
  assert.deepEqual(report.problems, []);
  const item = report.items.find((i) => i.file === 'test/scratch/001.png')!;
  assert.deepEqual(
    {
      ...item,
      absPath: basename(item.absPath),
      maskAbsPath: basename(item.maskAbsPath!),
      sha256: item.sha256.length,
    },
    {
      file: 'test/scratch/001.png',
      absPath: '001.png',
      role: 'defect',
      split: 'test',
      type: 'scratch',
      maskFile: 'ground_truth/scratch/001_mask.png',
      maskAbsPath: '001_mask.png',
      maskPng: null,
      sha256: 64,
      width: W,
      height: H,
      channels: 3,
      bitDepth: 8,
      maskAreaPx: 10,
      group: '001',
    },
  );
  assert.deepEqual(progress, [1, 2, 3, 4, 5, 6]);
  assert.equal(await fingerprint(folder), before);
});

test('a folder of one product is entered; of several, one is to be named', async (t) => {
  const folder = await tempFolder(t);
  await mvtecSet(join(folder, 'nut'));
  assert.equal((await scanFolder(folder)).product, 'nut');
  await mvtecSet(join(folder, 'bolt'));
  await assert.rejects(scanFolder(folder), (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'bad-dataset');
    assert.match(error.message, /2 products: bolt, nut/);
    assert.match(error.details.hint!, /--product/);
    return true;
  });
  const report = await scanFolder(folder, { product: 'nut' });
  assert.equal(report.product, 'nut');
  assert.ok(report.items.every((i) => i.file.startsWith('nut/')));
  await assert.rejects(scanFolder(folder, { product: 'screw' }), { code: 'not-found' });
});

test('bad files are listed one by one and the rest is taken', async (t) => {
  const folder = await mvtecSet(await tempFolder(t));
  const jpeg = await encoded(testRaster(W, H, 3, false, 5), 'jpeg');
  await put(folder, 'train/good/cut.jpg', jpeg.subarray(0, jpeg.length - 30));
  await put(folder, 'train/good/text.png', 'no picture');
  await put(folder, 'train/good/notes.txt', 'left alone');
  await put(folder, 'test/scratch/big.png', await picture(20));
  await put(folder, 'ground_truth/scratch/big_mask.png', await maskPng(boxMask(W + 1, H, 1, 1, 2, 2)));
  await put(folder, 'test/scratch/void.png', await picture(21));
  await put(folder, 'ground_truth/scratch/void_mask.png', await maskPng(boxMask(W, H, 0, 0, 0, 0)));
  await put(folder, 'test/scratch/bare.png', await picture(22));
  await put(folder, 'ground_truth/scratch/orphan_mask.png', await goodMask());
  await put(folder, 'extra/x.png', await picture(23));
  const report = await scanFolder(folder);
  assert.deepEqual(rejects(report).sort(), [
    'ground_truth/scratch/big_mask.png',
    'train/good/cut.jpg',
    'train/good/text.png',
  ]);
  const said = warns(report).join('\n');
  assert.match(said, /void_mask\.png: the mask is empty/);
  assert.match(said, /bare\.png: has no mask/);
  assert.match(said, /orphan_mask\.png: a mask without a picture/);
  assert.match(said, /extra: 1 picture left out/);
  assert.deepEqual(
    report.items.filter((i) => i.role === 'unlabelled').map((i) => i.file),
    ['test/scratch/bare.png', 'test/scratch/void.png'],
  );
  assert.deepEqual(report.types.at(-1), { name: 'scratch', count: 2 });
  for (const problem of report.problems)
    assert.ok(problem.hint.length > 5 && !problem.message.includes(folder), problem.message);
});

test('16-bit, grey and EXIF-turned pictures keep what they are; masks fit the turned picture', async (t) => {
  const folder = await mvtecSet(await tempFolder(t));
  await put(folder, 'test/hole/deep.png', await encoded(testRaster(W, H, 1, true)));
  await put(folder, 'ground_truth/hole/deep_mask.png', await goodMask());
  await put(folder, 'test/hole/turned.jpg', await turnedJpeg(testRaster(H, W, 3), 6));
  await put(folder, 'ground_truth/hole/turned_mask.png', await goodMask());
  const report = await scanFolder(folder);
  const brief = (file: string) =>
    report.items.filter((i) => i.file.endsWith(file)).map((i) => [i.width, i.height, i.channels, i.bitDepth]);
  assert.deepEqual(brief('deep.png'), [[W, H, 1, 16]]);
  assert.deepEqual(brief('turned.jpg'), [[W, H, 3, 8]]);
  assert.deepEqual(rejects(report), []);
});

test('copies are found, across splits with a sharper warning', async (t) => {
  const folder = await mvtecSet(await tempFolder(t));
  await put(folder, 'train/good/copy.png', await picture(0));
  await put(folder, 'test/good/leak.png', await picture(1));
  const said = warns(await scanFolder(folder)).join('\n');
  assert.match(
    said,
    /copy\.png: the same picture as train\/good\/000\.png\n|train\/good\/copy\.png: the same picture/,
  );
  assert.match(said, /once in test and once in train/);
});

test('links out of the folder are refused, inner links taken, loops and folders not followed', async (t) => {
  const root = await tempFolder(t);
  const folder = await mvtecSet(join(root, 'set'));
  await put(root, 'outside.png', await picture(30));
  const link = (target: string, file: string): Promise<void> =>
    symlink(target, join(folder, 'train/good', file));
  try {
    await link('../../../outside.png', 'escape.png');
  } catch {
    return t.skip('this system does not allow links');
  }
  await link('000.png', 'inner.png');
  await link('loop-b.png', 'loop-a.png');
  await link('loop-a.png', 'loop-b.png');
  await link('missing.png', 'dangling.png');
  await link('..', 'parent');
  const report = await scanFolder(folder);
  assert.deepEqual(rejects(report).sort(), [
    'train/good/escape.png',
    'train/good/loop-a.png',
    'train/good/loop-b.png',
  ]);
  assert.match(warns(report).join('\n'), /parent: a linked folder[\s\S]*|dangling/);
  assert.ok(report.items.some((i) => i.file === 'train/good/inner.png'));
  assert.ok(report.items.every((i) => !i.file.includes('parent')));
});

test('nothing usable, missing folder, a file, no defects, cancelling', async (t) => {
  const folder = await tempFolder(t);
  await assert.rejects(scanFolder(join(folder, 'missing')), { code: 'not-found' });
  await assert.rejects(scanFolder(await put(folder, 'a.txt', 'x')), { code: 'not-found' });
  await assert.rejects(scanFolder(folder), { code: 'bad-dataset' });
  await put(folder, 'b.png', 'no picture');
  await assert.rejects(scanFolder(folder), { code: 'bad-dataset', message: /b\.png is text/ });
  await assert.rejects(scanFolder(folder, { layout: 'mvtec' }), {
    code: 'bad-dataset',
    message: /not in MVTec layout/,
  });
  const normals = join(folder, 'normals');
  await mkdir(normals);
  await put(normals, 'good/1.png', await picture(1));
  const report = await scanFolder(normals);
  assert.deepEqual(
    report.problems.map((p) => [p.file, p.code, p.level]),
    [['.', 'no-defects', 'reject']],
  );
  await assert.rejects(scanFolder(normals, { signal: AbortSignal.abort() }), { code: 'cancelled' });
});
