// Verification finds every way an export can be wrong.

import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { formatSums, parseSums } from '../../../src/engine/exports/checksums.ts';
import type { ExportFormat, ExportJob, VerifyOptions } from '../../../src/engine/exports/index.ts';
import { exportDataset, verifyExport } from '../../../src/engine/exports/index.ts';
import { encodeMaskPng, encodePng, sha256Hex } from '../../../src/engine/imaging/index.ts';
import { boxMask, tempFolder, testRaster } from '../imaging/make-pictures.ts';
import { DEFECT, generatedItem, H, sampleJob, sourceFolder, W } from './sample-job.ts';

const PICTURE = 'nut_ M8/synthetic/hole/syn_windows_01B.png';
const MASK = 'nut_ M8/synthetic_ground_truth/hole/syn_windows_01B_mask.png';

async function exported(
  t: TestContext,
  format: ExportFormat = 'mvtec',
  change: (job: ExportJob) => ExportJob = (j) => j,
): Promise<ExportJob> {
  const job = change(await sampleJob(await tempFolder(t), format));
  await exportDataset(job);
  return job;
}

/** Messages of all problems, sorted by file. */
async function said(job: ExportJob, options: VerifyOptions = {}): Promise<string> {
  const { problems } = await verifyExport(job.out, options);
  for (const p of problems) assert.ok(p.hint.length > 5 && p.file.length > 0);
  return problems.map((p) => `${p.file}: ${p.message}`).join('\n');
}

/** Replaces a file and makes SHA256SUMS agree: a change that checksums cannot see. */
async function forge(job: ExportJob, file: string, content: Uint8Array | string): Promise<void> {
  await writeFile(join(job.out, file), content);
  const sums = parseSums(await readFile(join(job.out, 'SHA256SUMS'), 'utf8'));
  sums.set(file, sha256Hex(content));
  await writeFile(join(job.out, 'SHA256SUMS'), formatSums(sums));
}

async function editJson(
  job: ExportJob,
  file: string,
  edit: (json: Record<string, never>) => void,
): Promise<void> {
  const json = JSON.parse(await readFile(join(job.out, file), 'utf8'));
  edit(json);
  await forge(job, file, JSON.stringify(json));
}

test('one flipped byte, a missing, a cut-off, an added and a linked file are found', async (t) => {
  const job = await exported(t);
  const at = (file: string): string => join(job.out, file);
  const bytes = await readFile(at('README.txt'));
  bytes[20] ^= 1;
  await writeFile(at('README.txt'), bytes);
  await truncate(at(PICTURE), 300);
  await rm(at('nut_ M8/train/good/000.png'));
  await writeFile(at('nut_ M8/train/good/new.png'), 'x');
  await writeFile(at('.DS_Store'), 'litter is ignored');
  await symlink('/', at('link')).catch(() => undefined);
  const text = await said(job);
  assert.match(text, /README\.txt: README\.txt was changed/);
  assert.match(text, /syn_windows_01B\.png: .* is cut off/);
  assert.match(text, /000\.png is missing/);
  assert.match(text, /new\.png is not in SHA256SUMS/);
  assert.doesNotMatch(text, /DS_Store/);
  if (process.platform !== 'win32') assert.match(text, /link is a link or device/);
});

test('unfinished exports and foreign folders are told apart from good ones', async (t) => {
  const job = await exported(t);
  await rename(join(job.out, 'SHA256SUMS'), join(job.out, '..', 'sums'));
  assert.match(await said(job), /SHA256SUMS is missing/);
  await rm(join(job.out, 'manifest.json'));
  assert.match(await said(job), /manifest\.json is missing/);
  await assert.rejects(verifyExport(`${job.out}-none`), { code: 'not-found' });
  const empty = join(job.out, '..', 'empty');
  await mkdir(empty);
  assert.equal((await verifyExport(empty)).problems.length, 2);
});

test('what checksums cannot see: masks of another size, empty masks, foreign pictures, paths that leave', async (t) => {
  const job = await exported(t);
  await forge(job, MASK, await encodeMaskPng(boxMask(W + 2, H, 1, 1, 4, 4)));
  assert.match(await said(job), /42x32, its picture is 40x32/);
  await forge(job, MASK, await encodeMaskPng(boxMask(W, H, 0, 0, 0, 0)));
  assert.match(await said(job), /marks no pixel/);
  await forge(job, MASK, await encodeMaskPng(DEFECT));
  await forge(job, 'nut_ M8/train/good/000.png', await encodePng(testRaster(W, H, 3, false, 77)));
  assert.match(await said(job), /is not the file that was imported/);
  await editJson(job, 'manifest.json', (m) => {
    (m.generated as { file: string }[])[0].file = '../outside.png';
  });
  assert.match(await said(job), /must stay inside the export/);
});

test('pixels changed outside the edit region are found where the source is at hand', async (t) => {
  const tooFar = async (job: ExportJob): Promise<ExportJob> => {
    // Painted 6 pixels beyond the mask: 2 more than an edit region may reach.
    return { ...job, generated: [await generatedItem('01B', 'hole', job.real[0], 6)] };
  };
  const folder = await tempFolder(t);
  const job = await tooFar(await sampleJob(folder, 'mvtec'));
  await exportDataset(job);
  const ring = (9 + 12) * (6 + 12) - (9 + 8) * (6 + 8);
  assert.match(await said(job), new RegExp(`differs from its source in ${ring} pixels outside`));
  const alone = { ...job, out: `${job.out}2`, real: job.real.slice(1, 2) };
  await exportDataset(alone);
  const blind = await verifyExport(alone.out);
  assert.deepEqual([blind.problems.length, blind.outsideChecked, blind.outsideUnchecked], [0, 0, 1]);
  assert.match(await said(alone, { sources: [sourceFolder(job)] }), /pixels outside/);
  assert.match(await said(alone, { findSource: async () => job.real[0].absPath }), /pixels outside/);
  await copyFile(job.real[3].absPath, job.real[0].absPath);
  const other = await verifyExport(alone.out, { sources: [sourceFolder(job)] });
  assert.equal(other.outsideUnchecked, 1, 'a file with another hash is not the source');
});

test('a claim of too wide a region, or of changes that are not there', async (t) => {
  const job = await exported(t);
  await editJson(job, 'manifest.json', (m) => {
    type Claim = { outside: { changed: number; grownBy: number } | null };
    const [first, second] = (m.generated as Claim[]).filter((g) => g.outside !== null);
    first.outside!.grownBy = 9;
    second.outside!.changed = 3;
  });
  const text = await said(job);
  assert.match(text, /grown by 9 pixels; 4 is the most/);
  assert.match(text, /states 3 changed pixels, there are none/);
});

interface Coco {
  images: { id: number; width: number; file_name: string }[];
  annotations: Record<string, unknown>[];
}

/** What is done to an annotation file, and what verification must say. */
const COCO_DAMAGE: [RegExp, (json: Coco) => unknown][] = [
  [/has a mask but no annotation/, (c) => c.annotations.pop()],
  [/differs from its mask file/, (c) => Object.assign(c.annotations[0], { area: 5 })],
  [
    /compressed|cover/,
    (c) => Object.assign(c.annotations[0], { segmentation: { size: [H, W], counts: 'zz' } }),
  ],
  [/refers to nothing/, (c) => Object.assign(c.annotations[0], { image_id: 999 })],
  [/annotation id \d+ twice/, (c) => Object.assign(c.annotations[1], { id: c.annotations[0].id })],
  [/wrong size/, (c) => Object.assign(c.images[0], { width: 1 })],
  [/is in no annotation file/, (c) => c.images.pop()],
  [/does not know/, (c) => Object.assign(c.images[0], { file_name: '../x.png' })],
  [/is wrong at "annotations"/, (c) => Object.assign(c, { annotations: 'no' })],
];

test('COCO files are held against pictures and masks', async (t) => {
  const job = await exported(t, 'coco');
  const train = 'annotations/instances_train.json';
  const original = await readFile(join(job.out, train), 'utf8');
  for (const [message, damage] of COCO_DAMAGE) {
    const json = JSON.parse(original) as Coco;
    damage(json);
    await forge(job, train, JSON.stringify(json));
    assert.match(await said(job), message);
  }
  await forge(job, train, original);
  assert.equal(await said(job), '');
});
