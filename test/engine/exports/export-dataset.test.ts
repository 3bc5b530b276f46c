// Export round trips in both formats: layout, manifest, checksums, bytes and pixels.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { exportDataset, verifyExport } from '../../../src/engine/exports/index.ts';
import { countDifferences, decodeMask, decodePicture, sha256Hex } from '../../../src/engine/imaging/index.ts';
import { tempFolder } from '../imaging/make-pictures.ts';
import { DEFECT, H, sampleJob, W } from './sample-job.ts';

async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile())
    .map((e) =>
      join(e.parentPath, e.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

test('MVTec layout: names, card, checks, and our own import reads it', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  const progress: string[] = [];
  const result = await exportDataset({
    ...job,
    models: [{ name: 'embedded', hash: 'abcdef'.repeat(10), licence: 'CC0-1.0' }],
    onProgress: (done, total, { phase }) => progress.push(`${phase} ${done}/${total}`),
  });
  assert.deepEqual(
    [progress[0], progress[10], progress[11], progress.at(-1)],
    ['write 1/11', 'write 11/11', 'check 1/23', 'read 11/11'],
  );
  const files = await listing(job.out);
  assert.deepEqual(files, [
    'README.txt',
    'SHA256SUMS',
    'manifest.json',
    'nut_ M8/ground_truth/Kratzer Ö/a_mask.png',
    'nut_ M8/ground_truth/hole/jpeg named_mask.png',
    'nut_ M8/ground_truth/hole/turned_mask.png',
    'nut_ M8/synthetic/Kratzer Ö/syn_windows_01A.png',
    'nut_ M8/synthetic/hole/syn_seas_01S.png',
    'nut_ M8/synthetic/hole/syn_windows_01B.png',
    'nut_ M8/synthetic/hole/syn_windows_01C.png',
    'nut_ M8/synthetic_ground_truth/Kratzer Ö/syn_windows_01A_mask.png',
    'nut_ M8/synthetic_ground_truth/hole/syn_seas_01S_mask.png',
    'nut_ M8/synthetic_ground_truth/hole/syn_windows_01B_mask.png',
    'nut_ M8/synthetic_ground_truth/hole/syn_windows_01C_mask.png',
    'nut_ M8/test/Kratzer Ö/a.png',
    'nut_ M8/test/good/000.jpg',
    'nut_ M8/test/hole/jpeg named.jpg',
    'nut_ M8/test/hole/turned.png',
    'nut_ M8/train/good/000.png',
    'nut_ M8/train/good/001.tif',
    'nut_ M8/train/good/syn_normal_01N.png',
    'synthetic.txt',
    'verify.cmd',
  ]);
  const readBack = { layout: 'mvtec', pictures: 11, masks: 7, exactMasks: 7, minIou: 1 };
  assert.deepEqual(result, {
    out: job.out,
    files: files.length,
    bytes: result.bytes,
    generated: 5,
    real: 6,
    fromDrive: result.fromDrive,
    readBack,
  });
  const card = await readFile(join(job.out, 'README.txt'), 'utf8');
  assert.match(card, /5 SYNTHETIC pictures/);
  assert.match(card, /BASE MODELS[\s\S]+embedded \(abcdefabcdefabcd\): CC0-1\.0/);
  const report = await verifyExport(job.out);
  assert.deepEqual(report.problems, []);
  assert.deepEqual(
    [report.files, report.generated, report.real, report.outsideChecked, report.outsideUnchecked],
    [23, 5, 6, 3, 0],
  );
  assert.deepEqual(report.readBack, readBack);
  assert.equal(report.bytes, result.bytes);
  const again = await scanFolder(job.out);
  assert.deepEqual(
    again.problems.filter((p) => p.level === 'reject'),
    [],
  );
  assert.deepEqual(again.types, [
    { name: 'Kratzer Ö', count: 2 },
    { name: 'hole', count: 5 },
  ]);
});

test('manifest and SHA256SUMS are exactly as agreed', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  await exportDataset(job);
  const manifest = JSON.parse(await readFile(join(job.out, 'manifest.json'), 'utf8'));
  assert.equal(manifest.version, 1);
  const scratch = manifest.generated.find((g: { id: string }) => g.id === '01A');
  assert.deepEqual(scratch, {
    id: '01A',
    file: 'nut_ M8/synthetic/Kratzer Ö/syn_windows_01A.png',
    mask: 'nut_ M8/synthetic_ground_truth/Kratzer Ö/syn_windows_01A_mask.png',
    source: { file: 'train/good/001.tif', sha256: job.real[1].sha256 },
    type: 'Kratzer Ö',
    generator: 'windows',
    seed: 7,
    recipe: { window: [0, 0, 32], steps: 25 },
    outside: { changed: 0, grownBy: 4 },
    agreement: { changedInMask: 0.9, contrast: 1.1 },
  });
  const seas = manifest.generated.find((g: { id: string }) => g.id === '01S');
  assert.equal(seas.outside, null);
  assert.deepEqual([seas.reference.file, 'source' in seas], ['train/good/000.png', false]);
  const sums = await readFile(join(job.out, 'SHA256SUMS'), 'utf8');
  const files = (await listing(job.out)).filter((f) => f !== 'SHA256SUMS');
  const expected = await Promise.all(
    files.map(async (f) => `${sha256Hex(await readFile(join(job.out, f)))}  ${f}`),
  );
  assert.deepEqual(sums.split('\n').slice(0, -1).sort(), expected.sort());
  assert.ok(sums.endsWith('\n') && !sums.includes('\r'));
  const tool = promisify(execFile)('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: job.out });
  await assert.doesNotReject(tool.catch((error) => (error.code === 'ENOENT' ? null : Promise.reject(error))));
});

test('real files are byte copies; turned ones become PNG of the shown pixels, so that the mask fits', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  await exportDataset(job);
  const manifest = JSON.parse(await readFile(join(job.out, 'manifest.json'), 'utf8'));
  for (const entry of manifest.real) {
    const original = job.real.find((r) => r.file === entry.imported)!;
    const bytes = await readFile(join(job.out, entry.file));
    assert.equal(entry.reencoded, entry.imported.includes('turned'));
    if (!entry.reencoded) assert.ok(bytes.equals(await readFile(original.absPath)), entry.file);
    const [ours, theirs] = await Promise.all([
      decodePicture(join(job.out, entry.file)),
      decodePicture(original.absPath),
    ]);
    assert.equal(countDifferences(ours.raster, theirs.raster), 0);
    assert.equal(entry.sha256, original.sha256);
    if (entry.mask !== null)
      assert.deepEqual((await decodeMask(join(job.out, entry.mask), { width: W, height: H })).mask, DEFECT);
  }
});

test('COCO: one file per split, RLE equal to the masks, synthetic pictures marked and in train only', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'coco');
  await exportDataset(job);
  assert.deepEqual(
    (await listing(job.out)).filter((f) => f.startsWith('annotations')),
    [
      'annotations/instances_test.json',
      'annotations/instances_train.json',
      'annotations/instances_validation.json',
    ],
  );
  const report = await verifyExport(job.out);
  assert.deepEqual(report.problems, []);
  assert.equal(report.outsideChecked, 3);
  const read = async (split: string) =>
    JSON.parse(await readFile(join(job.out, `annotations/instances_${split}.json`), 'utf8'));
  const train = await read('train');
  assert.equal(train.images.filter((i: { synthetic: boolean }) => i.synthetic).length, 5);
  assert.ok((await read('test')).images.every((i: { synthetic: boolean }) => !i.synthetic));
  assert.deepEqual(
    train.categories.map((c: { id: number; name: string }) => [c.id, c.name]),
    [
      [1, 'Kratzer Ö'],
      [2, 'hole'],
    ],
  );
  const [annotation] = train.annotations;
  assert.deepEqual(
    [annotation.bbox, annotation.area, annotation.segmentation.size],
    [[12, 10, 9, 6], 54, [H, W]],
  );
});

test('the same job gives the same bytes', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  await exportDataset(job);
  await exportDataset({
    ...job,
    out: `${job.out}2`,
    generated: [...job.generated].reverse(),
    real: [...job.real].reverse(),
  });
  assert.equal(
    await readFile(join(job.out, 'SHA256SUMS'), 'utf8'),
    await readFile(join(`${job.out}2`, 'SHA256SUMS'), 'utf8'),
  );
});
