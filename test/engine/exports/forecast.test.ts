// What is told of an export before it is written, and what a drive may not hold of it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Mask } from '../../../src/core/image/raster.ts';
import { exportDataset, forecastExport } from '../../../src/engine/exports/index.ts';
import { driveFindings } from '../../../src/engine/handlers/export-preflight.ts';
import { boxMask, maskPng, put, tempFolder } from '../imaging/make-pictures.ts';
import { H, sampleJob, W } from './sample-job.ts';

test('size, largest file and longest path agree with what is written', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'mvtec');
  const forecast = await forecastExport(job);
  const written = await exportDataset(job);
  assert.ok(forecast.bytes >= written.bytes, `${forecast.bytes} ${written.bytes}`);
  assert.ok(forecast.largest !== null && forecast.largest.bytes < written.bytes);
  assert.equal(forecast.longest, 'nut_ M8/synthetic_ground_truth/Kratzer Ö/syn_windows_01A_mask.png');
  assert.equal(forecast.noMask, null);
  assert.equal(forecast.holes, null);
});

test('holes are told where the format has outlines only', async (t) => {
  const folder = await tempFolder(t);
  const ring: Mask = boxMask(W, H, 5, 5, 12, 12);
  ring.data[10 * W + 10] = 0;
  const maskAbsPath = await put(folder, 'ring.png', await maskPng(ring));
  for (const format of ['yolo-seg', 'labelme'] as const) {
    const job = await sampleJob(folder, format);
    const at = job.real.findIndex((item) => item.maskAbsPath !== null);
    const real = job.real.map((item, i) => (i === at ? { ...item, maskAbsPath } : item));
    assert.equal((await forecastExport(job)).holes?.pictures, 0);
    assert.deepEqual((await forecastExport({ ...job, real })).holes, { pictures: 1, of: 7 });
    assert.equal((await forecastExport({ ...job, real, format: 'coco' })).holes, null);
  }
});

test('names, several types, a split that is not there, a mask that is missing', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'visa');
  const [first] = job.real;
  const odd = { ...first, file: 'train/good/a:b?.png', sha256: 'f'.repeat(64) };
  const twice = job.real
    .filter((item) => item.type === 'hole')
    .map((item) => ({ ...item, type: 'Kratzer Ö' }));
  const bare = { ...job.real[3], file: 'test/bare.png', maskAbsPath: null, sha256: 'e'.repeat(64) };
  const forecast = await forecastExport({ ...job, real: [...job.real, odd, ...twice, bare] });
  assert.deepEqual(forecast.renamed, { count: 1, from: 'a:b?.png', to: 'good_a_b_' });
  assert.equal(forecast.severalTypes, 2);
  assert.equal(forecast.noValidation, 2);
  assert.deepEqual(forecast.noMask, { count: 1, file: 'test/bare.png' });
});

test('FAT32: files of 4 GB, full folders, long paths; others hold them', () => {
  const forecast = {
    bytes: 5e9,
    largest: { file: 'images/huge', bytes: 2 ** 32 },
    fullest: { folder: 'images', names: 65_535 },
    longest: 'x'.repeat(250),
  };
  const stick = { fileSystem: 'vfat', freeBytes: 4e9, totalBytes: 8e9, removable: true, mount: '/media/s' };
  const codes = (drive: typeof stick): string[] =>
    driveFindings(forecast, drive, join('/media/s', 'set')).map(({ code }) => code);
  assert.deepEqual(codes(stick), ['space', 'file-size', 'folder-size', 'long-path']);
  assert.deepEqual(codes({ ...stick, fileSystem: 'exfat', freeBytes: 6e9 }), ['long-path']);
  assert.deepEqual(codes({ ...stick, fileSystem: 'ext4', freeBytes: 6e9 }), []);
  // A share that does not tell its space is not refused for it.
  assert.deepEqual(codes({ ...stick, fileSystem: 'cifs', freeBytes: 0, totalBytes: 0 }), ['long-path']);
});
