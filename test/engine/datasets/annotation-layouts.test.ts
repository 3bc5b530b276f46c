// Annotation formats in folders: recognised with their reason, tied to pictures, masks drawn.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { maskToRle } from '../../../src/core/formats/coco-rle.ts';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { decodeMask } from '../../../src/engine/imaging/index.ts';
import { boxMask, encoded, maskPng, put } from '../imaging/make-pictures.ts';
import { brief, coco, folderOf, H, labelMe, said, voc, W, YOLO } from './labelled-folders.ts';

test('every format of files is recognised, and says by what', async (t) => {
  const cases: [string, RegExp, Record<string, string | object | null>][] = [
    [
      'coco',
      /^COCO: annotations\.json labels 1 picture\.$/,
      { 'images/a.png': null, 'annotations.json': coco(['a.png']) },
    ],
    [
      'yolo',
      /^YOLO: labels\/a\.txt labels 1 picture\.$/,
      { 'images/a.png': null, 'labels/a.txt': YOLO, 'data.yaml': 'names: [dent]' },
    ],
    ['labelme', /^LabelMe: images\/a\.json/, { 'images/a.png': null, 'images/a.json': labelMe('a.png') }],
    ['voc', /^Pascal VOC: Annotations\/a\.xml/, { 'images/a.png': null, 'Annotations/a.xml': voc('a.png') }],
    [
      'cvat',
      /^CVAT: annotations\.xml/,
      {
        'images/a.png': null,
        'annotations.xml': `<annotations><image id="0" name="a.png" width="${W}" height="${H}"><polygon label="dent" points="3,2;8,2;8,6;3,6"/></image></annotations>`,
      },
    ],
    [
      'label-studio',
      /^Label Studio: export\.json/,
      {
        'images/a.png': null,
        'export.json': [
          {
            data: { image: '/data/upload/0123abcd-a.png' },
            annotations: [
              {
                result: [
                  {
                    type: 'rectanglelabels',
                    original_width: W,
                    original_height: H,
                    value: {
                      x: 12.5,
                      y: 12.5,
                      width: 20.8333,
                      height: 25,
                      rotation: 0,
                      rectanglelabels: ['dent'],
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  ];
  for (const [layout, why, files] of cases) {
    const folder = await folderOf(t, files);
    for (const wanted of ['auto', layout] as const) {
      const report = await scanFolder(folder, { layout: wanted as 'auto' });
      assert.equal(report.layout, layout);
      assert.match(report.why, why);
      assert.deepEqual(brief(report), ['images/a.png defect dent null 20'], layout);
      assert.equal(said(report, 'reject'), '');
    }
  }
});

test('two types in one picture are two items with their own masks; the bytes are the same every time', async (t) => {
  const json = coco(['a.png', 'a.png'.replace('a', 'b')]) as {
    categories: object[];
    annotations: Record<string, unknown>[];
  };
  json.categories.push({ id: 4, name: 'hole' });
  json.annotations.push({
    id: 9,
    image_id: 1,
    category_id: 4,
    segmentation: [[10, 10, 12, 10, 12, 12, 10, 12]],
  });
  json.annotations.push({
    id: 10,
    image_id: 1,
    category_id: 3,
    segmentation: [[14, 0, 15, 0, 15, 1, 14, 1]],
  });
  const folder = await folderOf(t, { 'a.png': null, 'b.png': null, 'c.json': json });
  const report = await scanFolder(folder);
  assert.deepEqual(brief(report), [
    'a.png defect dent null 21',
    'a.png defect hole null 4',
    'b.png defect dent null 20',
  ]);
  assert.deepEqual(report.types, [
    { name: 'dent', count: 2 },
    { name: 'hole', count: 1 },
  ]);
  const bytes = await report.items[1].maskPng!();
  assert.deepEqual(await report.items[1].maskPng!(), bytes);
  assert.deepEqual((await decodeMask(bytes, { width: W, height: H })).mask, boxMask(W, H, 10, 10, 2, 2));
  assert.equal(report.items[1].maskFile, 'c.json');
});

test('boxes are filled with a remark, but not around an outline of their type', async (t) => {
  const shapes = [
    {
      label: 'dent',
      shape_type: 'rectangle',
      points: [
        [2, 1],
        [9, 7],
      ],
    },
    {
      label: 'dent',
      shape_type: 'rectangle',
      points: [
        [20, 10],
        [22, 12],
      ],
    },
  ];
  const json = labelMe('a.png') as { shapes: object[] };
  json.shapes.push(...shapes);
  const report = await scanFolder(await folderOf(t, { 'a.png': null, 'a.json': json }));
  assert.deepEqual(brief(report), ['a.png defect dent null 24']);
  assert.match(said(report), /1 box without an outline in 1 picture; the whole box counts as defect/);
});

test('nothing marked is good and said once; not annotated is unlabelled', async (t) => {
  const json = coco(['a.png', 'b.png', 'c.png']) as { annotations: object[] };
  json.annotations = json.annotations.slice(0, 1);
  const report = await scanFolder(
    await folderOf(t, { 'a.png': null, 'b.png': null, 'c.png': null, 'd.png': null, 'x.json': json }),
  );
  assert.deepEqual(
    report.items.map((i) => i.role),
    ['defect', 'normal', 'normal', 'unlabelled'],
  );
  assert.match(said(report), /x\.json: 2 pictures annotated without any mark; taken as good/);
});

test('a mixture names its parts; the more exact label counts', async (t) => {
  const report = await scanFolder(
    await folderOf(t, {
      'images/a.png': null,
      'images/b.png': null,
      'images/c.png': null,
      'images/good/d.png': null,
      'set.json': coco(['a.png'], { size: [H, W], counts: maskToRle(boxMask(W, H, 1, 1, 3, 3)).counts }),
      'images/a.json': labelMe('a.png', 'stain'),
      'images/b.json': labelMe('b.png', 'stain'),
      'labels/c.txt': YOLO,
      'data.yaml': 'names: [dent]',
    }),
  );
  assert.equal(report.layout, 'mixed');
  assert.match(
    report.why,
    /^A mixture\. .*COCO: set\.json labels 1 picture.*LabelMe: 2 files.*YOLO: labels\/c\.txt/,
  );
  assert.deepEqual(brief(report), [
    'images/a.png defect dent null 9',
    'images/b.png defect stain null 20',
    'images/c.png defect dent null 20',
    'images/good/d.png normal null null null',
  ]);
  assert.match(
    said(report),
    /images\/a\.png: 1 picture is labelled twice, by .*; COCO \(set\.json\) is used/,
  );
});

test('masks in folders and an annotation file: both count, and a damaged file takes nothing away', async (t) => {
  const mask = await maskPng(boxMask(W, H, 2, 2, 4, 4));
  const files = { 'dent/images/a.png': null, 'dent/images/b.png': null, 'broken.json': '{"images": [' };
  const folder = await folderOf(t, { ...files, 'other/c.png': null, 'other/c.json': labelMe('c.png') });
  await put(folder, 'dent/masks/a.png', mask);
  await put(folder, 'dent/masks/b.png', mask);
  const report = await scanFolder(folder);
  assert.equal(report.layout, 'mixed');
  assert.deepEqual(brief(report), [
    'dent/images/a.png defect dent null 16',
    'dent/images/b.png defect dent null 16',
    'other/c.png defect dent null 20',
  ]);
  assert.match(said(report), /broken\.json: broken\.json is damaged: not valid JSON/);
  assert.equal(said(report, 'reject'), '');
});

test('MVTec folders with pictures beside them that a file labels', async (t) => {
  const folder = await folderOf(t, {
    'train/good/0.png': null,
    'test/hole/0.png': null,
    'extra/1.png': null,
    'extra/2.png': null,
    'extra/1.json': labelMe('1.png'),
  });
  await put(folder, 'ground_truth/hole/0_mask.png', await maskPng(boxMask(W, H, 2, 2, 4, 4)));
  const report = await scanFolder(folder);
  assert.equal(report.layout, 'mixed');
  assert.match(report.why, /MVTec layout.*LabelMe/);
  assert.deepEqual(report.types, [
    { name: 'dent', count: 1 },
    { name: 'hole', count: 1 },
  ]);
  assert.match(said(report), /extra: 1 picture left out/);
});

test('VOC class pictures: colours by labelmap, void belongs to nothing, unknown colours are said', async (t) => {
  const folder = await folderOf(t, {
    'JPEGImages/a.jpg': null,
    'JPEGImages/b.jpg': null,
    'labelmap.txt': 'background:0,0,0::\ndent:128,0,0::\n',
    'ImageSets/Segmentation/train.txt': 'a\n',
    'ImageSets/Segmentation/val.txt': 'b\n',
  });
  const colours = new Uint8Array(W * H * 3);
  const set = (x: number, rgb: number[]): void => colours.set(rgb, 3 * (5 * W + x));
  for (const x of [3, 4, 5]) set(x, [128, 0, 0]);
  set(6, [224, 224, 192]);
  await put(
    folder,
    'SegmentationClass/a.png',
    await encoded({ width: W, height: H, channels: 3, data: colours.slice() }),
  );
  set(9, [0, 0, 128]);
  await put(
    folder,
    'SegmentationClass/b.png',
    await encoded({ width: W, height: H, channels: 3, data: colours }),
  );
  const report = await scanFolder(folder);
  assert.deepEqual(brief(report), [
    'JPEGImages/a.jpg defect dent train 3',
    'JPEGImages/b.jpg defect dent validation 3',
  ]);
  assert.match(said(report), /b\.jpg: 1 pixels of its class picture have colours that no type is named for/);
});

test('VisA and DAGM folders, with and without tables', async (t) => {
  const mask = await maskPng(boxMask(W, H, 2, 2, 4, 4), 1);
  const visa = await folderOf(t, {
    'p/Data/Images/Normal/1.JPG': null,
    'p/Data/Images/Anomaly/1.JPG': null,
    'p/Data/Images/Anomaly/2.JPG': null,
  });
  await put(visa, 'p/Data/Masks/Anomaly/1.png', mask);
  const plain = await scanFolder(visa);
  assert.equal(plain.layout, 'visa');
  assert.deepEqual(brief(plain), [
    'p/Data/Images/Anomaly/1.JPG defect defect null 16',
    'p/Data/Images/Anomaly/2.JPG unlabelled null null null',
    'p/Data/Images/Normal/1.JPG normal null null null',
  ]);
  await put(
    visa,
    'split_csv/1cls.csv',
    'object,split,label,image,mask\np,test,anomaly,p/Data/Images/Anomaly/1.JPG,p/Data/Masks/Anomaly/1.png\n',
  );
  await put(
    visa,
    'p/image_anno.csv',
    'image,label,mask\np/Data/Images/Anomaly/1.JPG,bent,p/Data/Masks/Anomaly/1.png\n',
  );
  assert.equal(brief(await scanFolder(visa))[0], 'p/Data/Images/Anomaly/1.JPG defect bent test 16');
  const dagm = await folderOf(t, {
    'Class1/Train/1.PNG': null,
    'Class1/Train/2.PNG': null,
    'Class1/Train/3.PNG': null,
    'Class1/Train/Label/Labels.txt':
      '1\n1\t0\t1.PNG\t0\t0\n2\t1\t2.PNG\t0\t2_label.PNG\n3 1 3.PNG 0 3_label.PNG\n',
  });
  await put(dagm, 'Class1/Train/Label/2_label.PNG', mask);
  const report = await scanFolder(dagm);
  assert.equal(report.layout, 'dagm');
  assert.deepEqual(
    report.items.map((i) => [i.role, i.split]),
    [
      ['normal', 'train'],
      ['defect', 'train'],
      ['unlabelled', 'train'],
    ],
  );
  await assert.rejects(scanFolder(dagm, { layout: 'visa' }), { code: 'bad-dataset' });
  await assert.rejects(scanFolder(dagm, { layout: 'coco' }), {
    code: 'bad-dataset',
    message: /no COCO labels/,
  });
  assert.equal((await scanFolder(join(dagm, 'Class1'))).product, 'Class1');
});
