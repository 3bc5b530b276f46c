// Annotation files that lie, are damaged or hostile: refused or told, never believed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { put, testRaster, turnedJpeg } from '../imaging/make-pictures.ts';
import { brief, coco, folderOf, H, labelMe, SQUARE, said, W, YOLO } from './labelled-folders.ts';

test('a damaged, foreign or lying annotation file is refused with its name', async (t) => {
  const cases: [Record<string, string | object | null>, RegExp][] = [
    [{ 'x.json': '{"images": [NaN' }, /x\.json is damaged: not valid JSON/],
    [{ 'x.json': '['.repeat(20_000) }, /more than 64 deep/],
    [{ 'x.json': { images: 1, annotations: [] } }, /"images" is not a list/],
    [{ 'x.json': coco(['../../etc/passwd']) }, /names a picture outside of the folder/],
    [{ 'x.json': coco(['z.png']) }, /none of them is in the folder/],
    [{ 'x.json': '' }, /empty/],
    [
      { 'x.xml': '<!DOCTYPE a [<!ENTITY b "c">]><annotation><filename>&b;</filename></annotation>' },
      /entities/,
    ],
    [{ 'x.json': coco(['a.png'], [[1, 1, 5, 5]]) }, /annotation 1 has 2 points/],
    [{ 'labels/a.txt': `${YOLO}0 0.5\n`, 'data.yaml': 'names: [dent]' }, /line 2 has 1 numbers/],
    [{ 'table.csv': 'image,label,mask\n../../x.png,normal,\n' }, /outside of the folder/],
  ];
  for (const [files, message] of cases) {
    const folder = await folderOf(t, { 'a.png': null, 'good/g.png': null, ...files });
    assert.match(said(await scanFolder(folder), 'reject'), message);
  }
});

test('an annotation for another size makes the picture unlabelled; the shown size counts, not the stored one', async (t) => {
  const folder = await folderOf(t, {
    'a.png': null,
    'x.json': coco(['a.png', 'b.jpg'], [SQUARE], { width: W, height: H }),
  });
  await put(folder, 'b.jpg', await turnedJpeg(testRaster(H, W, 3), 6));
  assert.deepEqual(brief(await scanFolder(folder)), [
    'a.png defect dent null 20',
    'b.jpg defect dent null 20',
  ]);
  const lie = await folderOf(t, {
    'a.png': null,
    'x.json': coco(['a.png'], [SQUARE], { width: 640, height: 480 }),
  });
  const report = await scanFolder(lie);
  assert.deepEqual(brief(report), ['a.png unlabelled null null null']);
  assert.match(said(report), /is for a picture of 640x480, this one is 24x16/);
});

test('hostile type names become plain ones; good areas are no defects', async (t) => {
  const names = ['__proto__', '../../x', 'a\u0000b', '\u202egnp', 'constructor'];
  const files: Record<string, object | null> = {};
  for (const [i, name] of names.entries()) {
    files[`${i}.png`] = null;
    files[`${i}.json`] = labelMe(`${i}.png`, name);
  }
  const report = await scanFolder(
    await folderOf(t, { ...files, '9.png': null, '9.json': labelMe('9.png', 'OK') }),
  );
  assert.deepEqual(
    report.types.map((type) => type.name),
    ['.._.._x', '__proto__', 'ab', 'constructor', 'gnp'],
  );
  assert.equal(report.normals, 1);
  assert.match(said(report), /the type "a\ufffdb" is taken as "ab"/);
});
