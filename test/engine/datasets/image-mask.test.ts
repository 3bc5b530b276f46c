// Pictures with masks beside them, in the arrangements people use.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { boxMask, encoded, maskPng, put, tempFolder, testRaster } from '../imaging/make-pictures.ts';

let salt = 0;
const picture = (): Promise<Uint8Array> => encoded(testRaster(20, 20, 1, false, salt++));
const mask = (area = 4): Promise<Uint8Array> => maskPng(boxMask(20, 20, 1, 1, area, 1));

/** File, role, type, split, mask of every item. */
async function read(t: import('node:test').TestContext, files: string[]): Promise<string[]> {
  const folder = await tempFolder(t);
  for (const file of files) await put(folder, file, /mask|gt\//i.test(file) ? await mask() : await picture());
  const report = await scanFolder(folder);
  assert.equal(report.layout, 'image-mask');
  return report.items.map((i) => `${i.file} ${i.role} ${i.type} ${i.split} ${i.maskFile}`);
}

test('images/ and masks/ with equal stems; without a mask a picture is unlabelled', async (t) => {
  assert.deepEqual(await read(t, ['images/a.png', 'images/b.png', 'masks/a.png']), [
    'images/a.png defect defect null masks/a.png',
    'images/b.png unlabelled null null null',
  ]);
});

test('types as subfolders of images/ and masks/, or images/ and masks/ in a folder per type', async (t) => {
  assert.deepEqual(await read(t, ['images/dent/a.png', 'images/good/a.png', 'masks/dent/a.png']), [
    'images/dent/a.png defect dent null masks/dent/a.png',
    'images/good/a.png normal null null null',
  ]);
  assert.deepEqual(await read(t, ['dent/images/a.png', 'dent/masks/a_mask.png', 'ok/b.png']), [
    'dent/images/a.png defect dent null dent/masks/a_mask.png',
    'ok/b.png normal null null null',
  ]);
});

test('NAME_mask beside NAME, splits from folder names', async (t) => {
  assert.deepEqual(
    await read(t, [
      'train/normal/n.png',
      'test/scratch/a.png',
      'test/scratch/a_mask.png',
      'val/scratch/c.png',
      'val/scratch/c_mask.png',
    ]),
    [
      'test/scratch/a.png defect scratch test test/scratch/a_mask.png',
      'train/normal/n.png normal null train null',
      'val/scratch/c.png defect scratch validation val/scratch/c_mask.png',
    ],
  );
});

test('a flat masks folder is matched by stem where that is unambiguous', async (t) => {
  assert.deepEqual(
    await read(t, [
      'images/dent/a.png',
      'images/hole/b.png',
      'images/hole/c.png',
      'images/dent/c.png',
      'masks/a.png',
      'masks/b.png',
      'masks/c.png',
    ]),
    [
      'images/dent/a.png defect dent null masks/a.png',
      'images/dent/c.png unlabelled dent null null',
      'images/hole/b.png defect hole null masks/b.png',
      'images/hole/c.png unlabelled hole null null',
    ],
  );
});

test('good pictures may have an empty mask, not a painted one', async (t) => {
  const folder = await tempFolder(t);
  await put(folder, 'images/good/a.png', await picture());
  await put(folder, 'masks/good/a.png', await mask(0));
  await put(folder, 'images/good/b.png', await picture());
  await put(folder, 'masks/good/b.png', await mask());
  const report = await scanFolder(folder, { layout: 'image-mask', product: 'plate' });
  assert.equal(report.product, 'plate');
  assert.deepEqual(
    report.items.map((i) => [i.file, i.role]),
    [['images/good/a.png', 'normal']],
  );
  const [refused] = report.problems.filter((p) => p.code === 'bad-mask');
  assert.match(refused.message, /lies among the good parts/);
});
