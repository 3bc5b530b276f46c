// COCO: every form of a mask, and files that contradict themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoco, readCoco } from '../../../../src/core/formats/annotations/coco.ts';
import { type Json, parseAnnotationJson } from '../../../../src/core/formats/annotations/json.ts';
import { objectsMask } from '../../../../src/core/formats/annotations/rasterise.ts';
import { maskToRle } from '../../../../src/core/formats/coco-rle.ts';
import { fillPolygon } from '../../../../src/core/image/polygon-fill.ts';
import type { Mask } from '../../../../src/core/image/raster.ts';

const HOLED = fillPolygon(
  [
    [2, 2, 12, 2, 12, 8, 2, 8],
    [5, 4, 8, 4, 8, 6, 5, 6],
  ],
  16,
  10,
);

function set(annotation: { [key: string]: Json }, image: { [key: string]: Json } = {}): Json {
  return {
    images: [{ id: 1, file_name: 'a.png', width: 16, height: 10, ...image }],
    categories: [{ id: 5, name: 'dent' }],
    annotations: [{ id: 9, image_id: 1, category_id: 5, ...annotation }],
  };
}

const noPictures = (): Mask => assert.fail('no picture is named');

test('polygons unite, both run-length forms keep holes, a box alone is a box', () => {
  const forms: [Json, number][] = [
    [
      [
        [2, 2, 12, 2, 12, 8, 2, 8],
        [3, 3, 14, 3, 14, 9, 3, 9],
      ],
      60 + 66 - 45,
    ],
    [{ size: [10, 16], counts: maskToRle(HOLED).counts }, 60 - 6],
    [{ size: [10, 16], counts: [22, 6, 132] }, 6],
  ];
  for (const [segmentation, area] of forms) {
    const { pictures, notes } = readCoco(set({ segmentation, iscrowd: 1 }));
    assert.deepEqual(notes, []);
    const mask = objectsMask(pictures[0].objects, 16, 10, noPictures);
    assert.equal(
      mask.data.reduce((sum, v) => sum + v, 0),
      area,
    );
  }
  const { pictures } = readCoco(set({ segmentation: [], bbox: [1, 2, 3, 4] }));
  assert.deepEqual(pictures[0].objects[0].shapes, [{ kind: 'box', x: 1, y: 2, width: 3, height: 4 }]);
});

test('an annotation that makes no sense takes its picture out and is named', () => {
  const bad: [{ [key: string]: Json }, RegExp][] = [
    [{ segmentation: [[1, 1, 5, 5]] }, /annotation 9 has 2 points/],
    [{ segmentation: [[1, 1, 5, 5, 9]] }, /odd number/],
    [{ segmentation: [[1, 1, Number.POSITIVE_INFINITY, 1, 20, 20]] }, /no number/],
    [{ segmentation: { size: [16, 10], counts: [160] } }, /10x16, its picture is 16x10/],
    [{ segmentation: { size: [10, 16], counts: [100, 50] } }, /150 pixels instead of 160/],
    [{ segmentation: { size: [10, 16], counts: [0, 4e9] } }, /4000000000 pixels/],
    [{ segmentation: { size: [10, 16], counts: [200, -40] } }, /whole number/],
    [{ segmentation: { size: [10, 16], counts: '\u0001zzz\u00ff' } }, /compressed run lengths/],
    [{ bbox: [1, 1, 0, 5] }, /box of 0 x 5/],
    [{}, /neither an outline nor a box/],
    [{ segmentation: 'x', bbox: null }, /neither/],
  ];
  for (const [annotation, message] of bad) {
    const { pictures, notes } = readCoco(set(annotation));
    assert.deepEqual([pictures.length, notes.length, notes[0]?.level], [0, 1, 'reject'], String(message));
    assert.match(notes[0].message, message);
    assert.equal(notes[0].picture, 'a.png');
  }
});

test('names that leave the folder, and references to nothing', () => {
  for (const file_name of ['/etc/passwd', 'C:\\x.png', '\\\\server\\x.png', 'a\u0000.png', ' ', null]) {
    const { pictures, notes } = readCoco(set({}, { file_name }));
    assert.deepEqual([pictures.length, notes[0].level], [0, 'reject'], String(file_name));
  }
  const lost = readCoco(set({ image_id: 7, segmentation: [[0, 0, 4, 0, 4, 4]] }));
  assert.match(lost.notes[0].message, /1 annotation is of pictures/);
  const unnamed = readCoco(set({ category_id: 7, segmentation: [[0, 0, 4, 0, 4, 4]] }));
  assert.deepEqual(
    unnamed.pictures[0].objects.map((o) => o.ignore),
    [true],
  );
  assert.equal(unnamed.notes[0].level, 'warn');
});

test('ambiguous or foreign files are refused as a whole', () => {
  const twice = set({}) as { images: Json[] };
  twice.images.push({ id: '1', file_name: 'b.png' });
  assert.throws(() => readCoco(twice as unknown as Json), /two images have the id 1/);
  assert.throws(() => readCoco({ images: { id: 1 }, annotations: 'none', categories: 5 }), /not a list/);
  assert.equal(isCoco([]), false);
  assert.equal(isCoco({ images: [] }), false);
  const json = parseAnnotationJson(
    '{"images":[],"categories":[{"id":1,"name":"__proto__"}],"__proto__":{"x":1}}',
  );
  assert.deepEqual(readCoco(json), { pictures: [], notes: [] });
  assert.equal(({} as { x?: number }).x, undefined);
});
