// Annotation writers against our own readers: what was written comes back pixel for pixel and name for name.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeBrushRle } from '../../../../src/core/formats/annotations/brush-rle-encode.ts';
import { readCoco } from '../../../../src/core/formats/annotations/coco.ts';
import { readCvat } from '../../../../src/core/formats/annotations/cvat.ts';
import { csvField, xmlText, yamlString } from '../../../../src/core/formats/annotations/escape.ts';
import type { ExportFormat } from '../../../../src/core/formats/annotations/export-formats.ts';
import { readLabelStudio } from '../../../../src/core/formats/annotations/label-studio.ts';
import { brushRuns } from '../../../../src/core/formats/annotations/label-studio-rle.ts';
import { readLabelMe } from '../../../../src/core/formats/annotations/labelme.ts';
import type { AnnotatedPicture, Shape } from '../../../../src/core/formats/annotations/model.ts';
import { readVisaTable } from '../../../../src/core/formats/annotations/visa.ts';
import { readVoc, vocColour } from '../../../../src/core/formats/annotations/voc.ts';
import { CocoWriter } from '../../../../src/core/formats/annotations/write-coco.ts';
import { CvatWriter } from '../../../../src/core/formats/annotations/write-cvat.ts';
import { LabelStudioWriter } from '../../../../src/core/formats/annotations/write-label-studio.ts';
import { LabelmeWriter } from '../../../../src/core/formats/annotations/write-labelme.ts';
import type {
  AnnotationFile,
  AnnotationWriter,
  IndexPicture,
  LabelledPicture,
} from '../../../../src/core/formats/annotations/write-model.ts';
import { VisaWriter } from '../../../../src/core/formats/annotations/write-visa.ts';
import { VocWriter } from '../../../../src/core/formats/annotations/write-voc.ts';
import { YoloSegWriter } from '../../../../src/core/formats/annotations/write-yolo-seg.ts';
import { inPixels, readYolo } from '../../../../src/core/formats/annotations/yolo.ts';
import { namesOfYaml } from '../../../../src/core/formats/annotations/yolo-names.ts';
import { addPolygon } from '../../../../src/core/image/polygon-fill.ts';
import type { Mask } from '../../../../src/core/image/raster.ts';
import { emptyMask, maskArea } from '../../../../src/core/image/raster.ts';
import { boxMask, shared, skipWithout } from '../../../engine/imaging/make-pictures.ts';

const fixtures = shared('fixtures/formats');
const [W, H] = [23, 17];
/** Names that could break out of XML, CSV, YAML or a path. */
const HOSTILE = ['a"b\'c', '<x>&amp;]]>', 'k, l; m: n #1', 'שריטה', '缺陷 ../..', '=1+1'];

/** Specks, holes within holes, pixels that touch at corners only, all four borders. */
function difficult(): Mask {
  const mask = boxMask(W, H, 2, 2, 12, 12);
  const cut = (x0: number, y0: number, w: number, h: number, v: number): void => {
    for (let y = y0; y < y0 + h; y++) mask.data.fill(v, y * W + x0, y * W + x0 + w);
  };
  cut(4, 4, 7, 7, 0);
  cut(6, 6, 3, 3, 1);
  cut(7, 7, 1, 1, 0);
  cut(12, 12, 1, 1, 0);
  cut(14, 14, 1, 1, 1);
  cut(15, 15, 1, 1, 1);
  cut(0, 0, 1, 1, 1);
  cut(22, 0, 1, 17, 1);
  cut(17, 16, 4, 1, 1);
  return mask;
}

function picture(name: string, change: Partial<LabelledPicture> = {}): LabelledPicture {
  return { name, width: W, height: H, channels: 3, split: 'train', synthetic: false, masks: [], ...change };
}

/** Two types side by side in one picture, a generated one, a good one, one type per hostile name. */
function pictures(): LabelledPicture[] {
  const speck = boxMask(W, H, 19, 8, 1, 1);
  const two = [
    { type: HOSTILE[0], mask: difficult() },
    { type: HOSTILE[1], mask: speck },
  ];
  return [
    picture('two <&"> types.png', { masks: two }),
    picture('syn_x.png', { synthetic: true, masks: [{ type: HOSTILE[2], mask: boxMask(W, H, 0, 0, W, H) }] }),
    picture('good.tif', { split: 'test' }),
    picture('שלום %41.png', { split: 'test', masks: [{ type: HOSTILE[3], mask: speck }] }),
    picture('v.png', {
      split: 'validation',
      masks: [{ type: HOSTILE[4], mask: boxMask(W, H, 20, 0, 3, 3) }],
    }),
  ];
}

function written(writer: AnnotationWriter): Map<string, string | IndexPicture> {
  const files: AnnotationFile[] = [...pictures().flatMap((p) => writer.add(p)), ...writer.finish()];
  return new Map(files.map(({ file, content }) => [file, content]));
}

const text = (files: Map<string, string | IndexPicture>, file: string): string => files.get(file) as string;

function draw(target: Mask, shape: Shape): void {
  if (shape.kind === 'polygon') addPolygon(target, shape.rings);
  else if (shape.kind === 'runs') {
    let at = 0;
    for (const [i, run] of shape.counts.entries()) {
      for (const end = at + run; at < end; at++) {
        if (i % 2 === 0) continue;
        const [x, y] =
          shape.order === 'rows'
            ? [at % shape.width, Math.floor(at / shape.width)]
            : [Math.floor(at / shape.height), at % shape.height];
        target.data[(shape.y + y) * target.width + shape.x + x] = 1;
      }
    }
  } else assert.fail(`a ${shape.kind}`);
}

/** Holds pictures as read against those that were written. */
function assertSame(read: readonly AnnotatedPicture[], nameOf: (p: LabelledPicture) => string): void {
  const expected = pictures();
  assert.deepEqual(read.map((p) => p.file).sort(), expected.map(nameOf).sort());
  for (const p of expected) {
    const found = read.find((r) => r.file === nameOf(p))!;
    assert.deepEqual([...new Set(found.objects.map((o) => o.type))], [...p.masks.map((m) => m.type)]);
    for (const { type, mask } of p.masks) {
      const back = emptyMask(W, H);
      for (const object of found.objects)
        if (object.type === type) for (const shape of object.shapes) draw(back, shape);
      assert.deepEqual(back, mask, `${p.name} ${type}`);
    }
  }
}

test('COCO, CVAT and Label Studio: run lengths are bit-exact, splits and synthetic marks are there', () => {
  const coco = written(new CocoWriter('p', HOSTILE));
  const parts = ['train', 'validation', 'test'].map((s) =>
    JSON.parse(text(coco, `annotations/instances_${s}.json`)),
  );
  assertSame(
    parts.flatMap((json) => readCoco(json).pictures),
    (p) => p.name,
  );
  assert.deepEqual(
    parts.flatMap((json) => json.images.map((i: { synthetic: boolean }) => i.synthetic)),
    [false, true, false, false, false],
  );

  const xml = text(written(new CvatWriter('<task>', HOSTILE)), 'annotations.xml');
  const cvat = readCvat(xml);
  assert.deepEqual(cvat.notes, []);
  assertSame(cvat.pictures, (p) => p.name);
  assert.deepEqual(
    cvat.pictures.map((p) => p.split),
    ['train', 'train', 'test', 'test', 'validation'],
  );
  assert.equal(xml.match(/<tag label="synthetic"/g)?.length, 1);

  const studio = written(new LabelStudioWriter(HOSTILE));
  const tasks = JSON.parse(text(studio, 'label-studio.json'));
  const read = readLabelStudio(tasks);
  assert.deepEqual(read.notes, []);
  assertSame(read.pictures, (p) => `images/${p.name}`);
  assert.deepEqual(
    tasks.map((t: { data: { synthetic: boolean } }) => t.data.synthetic),
    [false, true, false, false, false],
  );
  assert.match(text(studio, 'label-studio-config.xml'), /<Label value="&lt;x&gt;&amp;amp;\]\]&gt;"\/>/);
});

test('LabelMe and YOLO: one line per component, holes by a cut, filled again without a pixel of difference', () => {
  const labelme = written(new LabelmeWriter());
  const files = [...labelme].map(([file, content]) => ({ file, json: JSON.parse(content as string) }));
  assertSame(
    files.flatMap(({ json }) => readLabelMe(json).pictures),
    (p) => p.name,
  );
  assert.deepEqual(
    files.filter(({ json }) => json.flags.synthetic).map(({ file }) => file),
    ['train/syn_x.json'],
  );

  const types = ['plain', ...HOSTILE];
  const yolo = written(new YoloSegWriter(types));
  const names = pictures().map((p) => {
    const folder = { train: 'train', validation: 'val', test: 'test' }[p.split];
    return { p, lines: text(yolo, `labels/${folder}/${p.name.replace(/\.\w+$/, '')}.txt`) };
  });
  const read = names.flatMap(({ p, lines }) => readYolo(lines, p.name, types, null).pictures);
  assertSame(
    read.map((p) => inPixels(p, W, H)),
    (p) => p.name,
  );
  assert.equal(names[2].lines, '', 'a good part has an empty file');
  // The square ring, the island within, the corner speck, the right border, the lower border; then the other type.
  assert.deepEqual(
    names[0].lines
      .trimEnd()
      .split('\n')
      .map((line) => line[0]),
    ['1', '1', '1', '1', '1', '2'],
  );
  const yaml = text(yolo, 'data.yaml');
  assert.match(yaml, /^train: images\/train\nval: images\/val\ntest: images\/test$/m);
  assert.deepEqual(namesOfYaml(yaml)?.[4], 'שריטה');
});

test('VOC: boxes from 1 with their last pixel, class and object numbers, void never used', () => {
  const files = written(new VocWriter(HOSTILE));
  const two = pictures()[0];
  const xml = text(files, 'Annotations/two <&"> types.xml');
  const [read] = readVoc(xml).pictures;
  assert.equal(read.file, two.name);
  assert.deepEqual([read.width, read.height], [W, H]);
  const boxes = read.objects.flatMap((o) => o.shapes);
  assert.deepEqual(boxes[0], { kind: 'box', x: 0, y: 0, width: 1, height: 1 });
  assert.deepEqual(boxes.at(-1), { kind: 'box', x: 19, y: 8, width: 1, height: 1 });
  const classes = files.get('SegmentationClass/two <&"> types.png') as IndexPicture;
  const numbers = files.get('SegmentationObject/two <&"> types.png') as IndexPicture;
  for (const [i, { mask }] of two.masks.entries()) {
    assert.deepEqual(
      classes.data.map((v) => (v === i + 1 ? 1 : 0)),
      mask.data,
    );
  }
  assert.equal(Math.max(...numbers.data), read.objects.length);
  assert.ok(numbers.data.every((v, i) => v > 0 === classes.data[i] > 0));
  for (const index of [0, 1, 15, 16, 255]) {
    const [r, g, b] = classes.palette.subarray(3 * index, 3 * index + 3);
    assert.equal((r << 16) | (g << 8) | b, vocColour(index));
  }
  assert.match(text(files, 'Annotations/syn_x.xml'), /<image>synthetic<\/image>/);
  assert.equal(text(files, 'ImageSets/Segmentation/synthetic.txt'), 'syn_x\n');
  assert.equal(text(files, 'ImageSets/Segmentation/val.txt'), 'v\n');
  const good = files.get('SegmentationClass/good.png') as IndexPicture;
  assert.ok(good.data.every((v) => v === 0));
});

test('VOC: more components than numbers become one object per type; more types than numbers are refused', () => {
  const data = Uint8Array.from({ length: 64 * 64 }, (_, i) => ((i & 1) === 0 && (i >> 6) % 2 === 0 ? 1 : 0));
  const mask = { width: 64, height: 64, data };
  assert.ok(maskArea(mask) > 255);
  const writer = new VocWriter(['a']);
  const files = writer.add(picture('x.png', { width: 64, height: 64, masks: [{ type: 'a', mask }] }));
  assert.equal(readVoc(files[0].content as string).pictures[0].objects.length, 1);
  assert.deepEqual((files[2].content as IndexPicture).data, data);
  assert.throws(() => new VocWriter(Array.from({ length: 255 }, (_, i) => `t${i}`)), { code: 'unsupported' });
});

test('VisA: both tables read back with hostile names; synthetic pictures are never test', () => {
  const files = written(new VisaWriter('p'));
  const { rows, notes } = readVisaTable(text(files, 'p/image_anno.csv'));
  assert.deepEqual(notes, []);
  assert.deepEqual(
    rows.filter((r) => r.image !== 'p/Data/Images/Anomaly/two <&"> types.png').map((r) => r.type),
    [HOSTILE[2], null, HOSTILE[3], HOSTILE[4]],
  );
  const one = readVisaTable(text(files, 'split_csv/1cls.csv'));
  assert.deepEqual(
    one.rows.map((r) => [r.split, r.normal]),
    [
      ['test', true],
      ['test', false],
    ],
  );
  const all = text(files, 'split_csv/2cls_highshot.csv').replaceAll(',validation,', ',train,');
  const splits = readVisaTable(all);
  assert.deepEqual(
    splits.rows.map((r) => r.split),
    ['train', 'train', 'test', 'test', 'train'],
  );
});

test('brush strokes: header and runs as Label Studio writes them', () => {
  const one = { width: 1, height: 1, data: Uint8Array.of(1) };
  // 4 values, 8-bit words, length sizes 3, 4, 8, 16; one run of 4 (3 bits: 011) of 255.
  assert.deepEqual(
    encodeBrushRle(one),
    [0, 0, 0, 4, 0b00111001, 0b00011011, 0b11111100, 0b01111111, 0b11100000],
  );
  const large = emptyMask(400, 300);
  assert.ok(encodeBrushRle(large).length < 40, 'runs longer than 65,536 are split');
});

test('brush strokes of the fixtures are written as label-studio-converter wrote them', {
  skip: skipWithout(fixtures),
}, () => {
  const tasks = JSON.parse(readFileSync(join(fixtures!, 'label-studio/export.json'), 'utf8'));
  type Region = { type: string; original_width: number; original_height: number; value: { rle: number[] } };
  const all: Region[] = tasks.flatMap((task: { annotations: { result: Region[] }[] }) =>
    task.annotations.flatMap((a) => a.result),
  );
  const brushes = all.filter((region) => region.type === 'brushlabels');
  assert.ok(brushes.length >= 4);
  for (const { original_width: width, original_height: height, value } of brushes) {
    const mask = emptyMask(width, height);
    const counts = brushRuns(value.rle, width, height);
    draw(mask, { kind: 'runs', order: 'rows', x: 0, y: 0, width, height, counts });
    assert.deepEqual(encodeBrushRle(mask), value.rle);
  }
});

test('text is escaped for XML, CSV and YAML', () => {
  assert.equal(xmlText('a<b>&"\'\n\u0001\ud800'), 'a&lt;b&gt;&amp;&quot;&apos;&#10;\ufffd\ufffd');
  assert.equal(csvField('a"b,c'), '"a""b,c"');
  assert.equal(csvField('plain'), 'plain');
  assert.equal(yamlString('a: "b"\u202e'), '"a: \\"b\\"\\u202e"');
});

test('a picture without a mask has nothing marked in every format', () => {
  const writers: [ExportFormat, AnnotationWriter][] = [
    ['coco', new CocoWriter('p', [])],
    ['cvat', new CvatWriter('p', [])],
    ['labelme', new LabelmeWriter()],
    ['label-studio', new LabelStudioWriter([])],
    ['voc', new VocWriter([])],
    ['yolo-seg', new YoloSegWriter([])],
  ];
  for (const [format, writer] of writers) {
    const files = [...writer.add(picture('good.png')), ...writer.finish()];
    assert.ok(files.length > 0, format);
    assert.ok(
      files.every(
        (f) =>
          typeof f.content !== 'string' || !/"points":\[\[|<object>|<mask|"counts"|"rle"/.test(f.content),
      ),
      format,
    );
  }
});
