// LabelMe, Label Studio, CVAT, VOC, YOLO and VisA tables: small files written here, read into marks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCvat } from '../../../../src/core/formats/annotations/cvat.ts';
import { isLabelStudio, readLabelStudio } from '../../../../src/core/formats/annotations/label-studio.ts';
import { brushRuns } from '../../../../src/core/formats/annotations/label-studio-rle.ts';
import { isLabelMe, readLabelMe } from '../../../../src/core/formats/annotations/labelme.ts';
import type { AnnotationSet } from '../../../../src/core/formats/annotations/model.ts';
import { objectsMask } from '../../../../src/core/formats/annotations/rasterise.ts';
import { isVisaTable, readVisaTable } from '../../../../src/core/formats/annotations/visa.ts';
import { readLabelMap, readVoc, vocColour } from '../../../../src/core/formats/annotations/voc.ts';
import { inPixels, looksLikeYolo, readYolo } from '../../../../src/core/formats/annotations/yolo.ts';
import { namesOfLines, namesOfYaml } from '../../../../src/core/formats/annotations/yolo-names.ts';
import { maskArea } from '../../../../src/core/image/raster.ts';

const W = 20;
const H = 10;

/** Area of each object of the first picture. */
function areas({ pictures }: AnnotationSet): number[] {
  const onePixel = { width: 1, height: 1, data: Uint8Array.of(1) };
  return pictures[0].objects.map((object) => maskArea(objectsMask([object], W, H, () => onePixel)));
}

const rejects = ({ notes }: AnnotationSet): string[] =>
  notes.filter((note) => note.level === 'reject').map((note) => note.message);

test('LabelMe shapes', () => {
  const shape = (shape_type: string, points: number[][], more = {}) => ({
    label: 'dent',
    shape_type,
    points,
    ...more,
  });
  const file = (...shapes: object[]) =>
    readLabelMe({ version: '5', imagePath: '..\\a.png', imageWidth: W, imageHeight: H, shapes } as never);
  const set = file(
    shape('polygon', [
      [1, 1],
      [5, 1],
      [5, 4],
      [1, 4],
    ]),
    shape('rectangle', [
      [6, 5],
      [2, 2],
    ]),
    shape(
      'mask',
      [
        [3, 3],
        [3, 3],
      ],
      { mask: 'AAAA' },
    ),
    shape('circle', [
      [10, 5],
      [10, 8],
    ]),
    shape('linestrip', [
      [0, 0],
      [19, 0],
    ]),
    {
      ...shape('polygon', [
        [0, 0],
        [9, 0],
        [9, 9],
      ]),
      label: '__ignore__',
    },
  );
  assert.deepEqual(areas(set).slice(0, 3), [12, 12, 1]);
  assert.ok(Math.abs(areas(set)[3] - Math.PI * 9) < 6);
  assert.equal(set.pictures[0].file, '../a.png');
  assert.deepEqual(
    set.pictures[0].objects.map((o) => o.ignore),
    [false, false, false, false, false, true],
  );
  assert.match(set.notes[0].message, /1 line without a width, drawn 10 px wide/);
  assert.match(rejects(file(shape('rectangle', [[1, 1]])))[0], /has 1 points; a rectangle needs 2/);
  assert.match(rejects(file(shape('mask', [[1, 1]], { mask: '%%%' })))[0], /damaged mask/);
  assert.match(
    rejects(
      file(
        shape('polygon', [
          [1, 1],
          [2, 'x'],
        ] as never),
      ),
    )[0],
    /no number|has 2 points/,
  );
  assert.equal(isLabelMe({ shapes: [] }), false);
});

test('LabelMe: a picture inside the file whose header lies is refused by its header', () => {
  const header = 'iVBORw0KGgoAAAANSUhEUgABhqAAAYagCAIAAAAnMJyf';
  const json = { shapes: [], imagePath: 'a.png', imageData: header, imageWidth: W, imageHeight: H };
  assert.match(rejects(readLabelMe(json))[0], /claims 100000x100000/);
});

/** A brush stream by its description: header, then per run one repeat block of the run's values. */
function brush(runs: readonly [number, number][], wordSize = 8): number[] {
  const bits: string[] = [];
  const put = (value: number, count: number): number => bits.push(value.toString(2).padStart(count, '0'));
  put(
    runs.reduce((sum, [, pixels]) => sum + pixels * 4, 0),
    32,
  );
  put(wordSize - 1, 5);
  for (const size of [3, 4, 8, 16]) put(size - 1, 4);
  for (const [value, pixels] of runs) {
    put(1, 1);
    put(3, 2);
    put(pixels * 4 - 1, 16);
    put(value, wordSize);
  }
  const text = bits.join('');
  return (text.padEnd(Math.ceil(text.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((b) =>
    Number.parseInt(b, 2),
  );
}

test('Label Studio brush strokes: repeats, literals, and streams that lie', () => {
  assert.deepEqual(
    brushRuns(
      brush([
        [0, 23],
        [255, 40],
        [0, 137],
      ]),
      W,
      H,
    ),
    [23, 40, 137],
  );
  assert.deepEqual(brushRuns(brush([[255, 200]]), W, H), [0, 200]);
  assert.throws(
    () =>
      brushRuns(
        brush([
          [0, 100],
          [255, 50],
        ]),
        W,
        H,
      ),
    /150 pixels, its picture has 200/,
  );
  assert.throws(() => brushRuns(brush([[255, 200]]).slice(0, 8), W, H), /end early/);
  assert.throws(() => brushRuns([0, 0, 3, 32, 'x', 1, 2, 3], W, H), /not bytes/);
  const literal =
    '00000000000000000000000000001000' +
    '00111' +
    '0010001101111111' +
    '0' +
    '00' +
    '111' +
    '00000000'.repeat(7) +
    '11111111';
  const bytes = (literal.padEnd(Math.ceil(literal.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((b) =>
    Number.parseInt(b, 2),
  );
  assert.deepEqual(brushRuns(bytes, 2, 1), [1, 1]);
});

test('Label Studio: brush, polygon, box, ellipse; pictures by upload and address', () => {
  const result = (type: string, value: object) => ({
    type,
    original_width: W,
    original_height: H,
    value: { ...value, [type]: ['dent'] },
  });
  const task = (image: string, results: object[], more = {}) => ({
    id: 1,
    data: { image },
    annotations: [
      { was_cancelled: true, result: [] },
      { result: results, ...more },
    ],
  });
  const json = [
    task('/data/upload/1/ab12cd34-a.png', [
      result('brushlabels', {
        format: 'rle',
        rle: brush([
          [0, 100],
          [255, 7],
          [0, 93],
        ]),
      }),
      result('polygonlabels', {
        points: [
          [0, 0],
          [50, 0],
          [50, 50],
          [0, 50],
        ],
      }),
      result('rectanglelabels', { x: 10, y: 20, width: 25, height: 30, rotation: 0 }),
      result('ellipselabels', { x: 50, y: 50, radiusX: 20, radiusY: 40, rotation: 90 }),
      { type: 'choices', value: { choices: ['x'] } },
    ]),
    task('/data/local-files/?d=images%2Fb.png', []),
    task('s3://bucket/deep/c.png', []),
    { id: 4, data: { image: 'd.png' }, annotations: [] },
  ] as never;
  assert.ok(isLabelStudio(json));
  const set = readLabelStudio(json);
  assert.deepEqual(
    set.pictures.map((p) => p.file),
    ['ab12cd34-a.png', 'images/b.png', 'c.png'],
  );
  assert.deepEqual(areas(set).slice(0, 3), [7, 50, 15]);
  assert.deepEqual(set.notes, []);
  const truncated = readLabelStudio([task('a.png', [result('brushlabels', { rle: [0, 0, 3] })])] as never);
  assert.match(rejects(truncated)[0], /end early/);
});

test('CVAT: polygon, turned box, mask in its box, ellipse', () => {
  const image = (marks: string): AnnotationSet =>
    readCvat(
      `<annotations><version>1.1</version><image id="0" name="a.png" width="${W}" height="${H}" subset="Validation">${marks}</image></annotations>`,
    );
  const set =
    image(`<polygon label="a&amp;b" points="1,1;5,1;5,4;1,4"/><box label="c" xtl="2" ytl="2" xbr="6" ybr="5"/>
    <mask label="d" rle="1, 2, 3" left="18" top="2" width="2" height="3"/><ellipse label="e" cx="10" cy="5" rx="3" ry="3"/>`);
  assert.deepEqual(
    set.pictures[0].objects.map((o) => o.type),
    ['a&b', 'c', 'd', 'e'],
  );
  assert.deepEqual(areas(set).slice(0, 3), [12, 12, 2]);
  assert.equal(set.pictures[0].split, 'validation');
  const bad = [
    '<mask label="d" rle="3, 4, 5" left="17" top="4" width="10" height="10"/>',
    '<mask label="d" rle="3, 4" left="1" top="1" width="2" height="2"/>',
    '<mask label="d" rle="" left="1" top="1" width="2" height="2"/>',
    '<polygon label="x" points="1,1;2"/>',
    '<box label="c" xtl="2" ytl="2" xbr="2" ybr="5"/>',
    '<cuboid label="c"/>',
  ];
  for (const mark of bad) assert.equal(rejects(image(mark)).length, 1, mark);
});

test('VOC boxes are 1-based and inclusive; colours of the class pictures', () => {
  const box = (xmin: number, ymin: number, xmax: number, ymax: number): string =>
    `<object><name>dent</name><part><bndbox><xmin>9</xmin></bndbox></part><bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;
  const file = (objects: string): AnnotationSet =>
    readVoc(
      `<annotation><filename>a.png</filename><size><width>${W}</width><height>${H}</height></size>${objects}</annotation>`,
    );
  assert.deepEqual(areas(file(box(1, 1, 1, 1) + box(3, 2, 6, 4))), [1, 12]);
  assert.match(rejects(file(box(5, 1, 2, 1)))[0], /box of/);
  assert.deepEqual([0, 1, 2, 3, 4].map(vocColour), [0, 0x800000, 0x008000, 0x808000, 0x000080]);
  assert.deepEqual(
    [...readLabelMap('# label:color_rgb:parts:actions\nbackground:0,0,0::\nscratch:128,0,0::\nbad line\n')],
    [
      ['background', 0],
      ['scratch', 0x800000],
    ],
  );
});

test('YOLO lines: boxes, outlines, and what is wrong line by line', () => {
  assert.ok(looksLikeYolo('x\n0 0.5 0.5 0.2 .1\n'));
  assert.ok(!looksLikeYolo('0001\t0\t0001.PNG\t0\t0') && !looksLikeYolo('1 2 3'));
  const good = readYolo(
    '0 0.5 0.5 0.5 0.4\n\n1 0.1 0.1 0.4 0.1 0.4 0.5 0.1 0.5\n',
    'a.png',
    ['dent', 'hole'],
    null,
  );
  const picture = inPixels(good.pictures[0], W, H);
  assert.deepEqual(
    picture.objects.map((o) => o.type),
    ['dent', 'hole'],
  );
  assert.deepEqual(areas({ pictures: [picture], notes: [] }), [40, 24]);
  for (const line of [
    '0 0.5',
    'x 0.5 0.5 0.1 0.1',
    '7 0.5 0.5 0.1 0.1',
    '0 nan 0.5 0.1 0.1',
    '0 0,5 0,5 0,1 0,1',
    '0 1 1 1 1 1 1 1',
    '0 0.5 0.5 0 0.1',
    '0 0.5 0.5 1e999 0.1',
  ]) {
    assert.equal(rejects(readYolo(line, 'a.png', ['dent'], null)).length, 1, line);
  }
  assert.equal(readYolo('0 1.5 -0.2 0.1 0.1', 'a.png', null, null).notes[0].level, 'warn');
  assert.equal(readYolo('12 0.5 0.5 0.1 0.1', 'a.png', null, null).pictures[0].objects[0].type, 'class 12');
});

test('YOLO class names', () => {
  assert.deepEqual(namesOfYaml('path: .\nnames:\n  0: scratch # thin\n  2: "big, dent"\nnc: 3\n'), [
    'scratch',
    '',
    'big, dent',
  ]);
  assert.deepEqual(namesOfYaml("nc: 2\nnames: ['a b', c]\n"), ['a b', 'c']);
  assert.deepEqual(namesOfYaml('names: [a,\n  b]\n'), ['a', 'b']);
  assert.deepEqual(namesOfYaml('names:\n- a\n- b\ntrain: x'), ['a', 'b']);
  assert.deepEqual(namesOfYaml('names: {0: a, 1: b}'), ['a', 'b']);
  assert.equal(namesOfYaml('name: x\n'), null);
  assert.deepEqual(namesOfLines('a\r\nb\n\n'), ['a', 'b']);
});

test('VisA tables', () => {
  const head = 'object,split,label,image,mask\n';
  assert.ok(isVisaTable(head) && isVisaTable('image,label,mask') && !isVisaTable('a,b,c'));
  const { rows, notes } = readVisaTable(
    `${head}p,train,normal,p/a.JPG,\np,test,anomaly,p/b.JPG,p/b.png\np,test,"bent,melt",p/c.JPG,p/c.png\n`,
  );
  assert.deepEqual(
    rows.map((r) => [r.normal, r.type, r.split, r.mask]),
    [
      [true, null, 'train', null],
      [false, null, 'test', 'p/b.png'],
      [false, 'bent,melt', 'test', 'p/c.png'],
    ],
  );
  assert.deepEqual(notes, []);
  for (const line of [
    'p,test',
    'p,other,anomaly,a.png,b.png',
    'p,test,anomaly,/etc/x.png,',
    'p,test,anomaly,a.png,C:\\b.png',
  ]) {
    assert.equal(readVisaTable(head + line).notes[0].level, 'reject', line);
  }
});
