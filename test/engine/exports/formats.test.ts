// Every format, end to end: written, read back by the importer, compared; and what the importer itself then says.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { ImportItem } from '../../../src/core/domain/import-report.ts';
import { EXPORT_FORMATS } from '../../../src/core/formats/annotations/export-formats.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { formatSums, parseSums } from '../../../src/engine/exports/checksums.ts';
import type { ExportFormat, ExportJob, RealItem } from '../../../src/engine/exports/index.ts';
import { exportDataset, verifyExport } from '../../../src/engine/exports/index.ts';
import { parseManifest } from '../../../src/engine/exports/manifest.ts';
import {
  decodeMask,
  decodePicture,
  encodeMaskPng,
  encodePng,
  sha256Hex,
} from '../../../src/engine/imaging/index.ts';
import { boxMask, encoded, maskPng, put, tempFolder, testRaster } from '../imaging/make-pictures.ts';
import { generatedItem, H, sampleJob, W } from './sample-job.ts';

/** A frame with an island in its hole, a speck, pixels that touch at corners, runs along all borders. */
function difficult(): Mask {
  const mask = boxMask(W, H, 4, 4, 14, 12);
  const set = (x0: number, y0: number, w: number, h: number, v = 1): void => {
    for (let y = y0; y < y0 + h; y++) mask.data.fill(v, y * W + x0, y * W + x0 + w);
  };
  set(6, 6, 8, 7, 0);
  set(8, 8, 3, 3);
  set(9, 9, 1, 1, 0);
  set(16, 5, 1, 1, 0);
  set(18, 16, 1, 1);
  set(19, 17, 1, 1);
  set(0, 0, 2, 1);
  set(W - 1, 3, 1, 20);
  set(0, H - 1, W, 1);
  set(30, 10, 1, 1);
  return mask;
}

const SPECK = boxMask(W, H, 25, 20, 1, 1);
/** Types and files as a malicious or careless person may name them. */
const NAMES: readonly (readonly [type: string, file: string])[] = [
  ['scratch "a", <b> & \'c\'; #1: x', 'CON.png'],
  ['שריטה', 'con.PNG'],
  ['ok', 'trailing dot. .png'],
  ['A', 'semi;colon&quote\'$(x) "y".png'],
  ['a', '‮gnp.exe.png'],
  ['../../up', 'ünïcödé 缺陷 🔧.png'],
];

interface Sample extends ExportJob {
  /** Expected masks by the bytes of the picture, then type as the workspace knows it. */
  readonly masks: Map<string, Map<string, Mask>>;
}

async function hostileJob(t: TestContext, format: ExportFormat): Promise<Sample> {
  const folder = await tempFolder(t);
  const base = await sampleJob(folder, format);
  const real: RealItem[] = [...base.real];
  const add = async (name: string, type: string, mask: Mask, salt: number, split: RealItem['split']) => {
    const bytes = await encoded(testRaster(W, H, salt % 2 === 0 ? 1 : 3, salt % 3 === 0, salt));
    const absPath = await put(folder, `hostile/${salt}.png`, bytes);
    const maskAbsPath = await put(folder, `hostile/${salt}_${real.length}_mask.png`, await maskPng(mask));
    real.push({ file: name, absPath, maskAbsPath, type, split, sha256: sha256Hex(bytes) });
  };
  for (const [i, [type, file]] of NAMES.entries()) {
    await add(`deep/${file}`, type, i % 2 === 0 ? difficult() : SPECK, 30 + i, i === 1 ? 'test' : 'train');
  }
  // One photo with defects of two types: the workspace holds an item for each.
  await add('two types.png', 'hole', difficult(), 50, 'train');
  await add('two types.png', 'Kratzer Ö', SPECK, 50, 'train');
  const generated = [...base.generated];
  const extra = await generatedItem('01H', NAMES[0][0], base.real[0]);
  const source = await decodePicture(base.real[0].absPath);
  const imagePng = await encodePng(source.raster);
  generated.push({ ...extra, imagePng, maskPng: await encodeMaskPng(difficult()), outside: null });
  const masks = new Map<string, Map<string, Mask>>();
  const job = { ...base, real, generated };
  for (const item of [...real, ...generated]) {
    const input = 'maskPng' in item ? item.maskPng : item.maskAbsPath;
    if (input === null) continue;
    const key = 'maskPng' in item ? item.id : item.file;
    const own = masks.get(key) ?? new Map<string, Mask>();
    masks.set(key, own.set(item.type, (await decodeMask(input, { width: W, height: H })).mask));
  }
  return { ...job, masks };
}

async function maskOf(item: ImportItem): Promise<Mask> {
  const input = item.maskPng === null ? item.maskAbsPath! : await item.maskPng();
  return (await decodeMask(input, item)).mask;
}

for (const format of EXPORT_FORMATS) {
  test(`${format}: hostile names, holes and specks come back pixel for pixel`, async (t) => {
    const job = await hostileJob(t, format);
    const result = await exportDataset(job);
    const items = job.real.length + job.generated.length;
    const pictures = ['mvtec', 'visa', 'masks'].includes(format) ? items : items - 1;
    assert.deepEqual(
      { ...result.readBack, layout: '' },
      { layout: '', pictures, masks: 16, exactMasks: 16, minIou: 1 },
    );
    const report = await verifyExport(job.out);
    assert.deepEqual(report.problems, []);
    assert.deepEqual(report.readBack, result.readBack);

    // As a stranger imports it: without being told the layout.
    const found = await scanFolder(job.out);
    assert.deepEqual(
      found.problems.filter((p) => p.level === 'reject'),
      [],
    );
    assert.equal(found.layout, result.readBack.layout);
    assert.equal(found.items.length, items);
    const manifest = parseManifest(await readFile(join(job.out, 'manifest.json'), 'utf8'));
    const synthetic = new Set(manifest.generated.map((g) => g.file));
    assert.equal(synthetic.size, job.generated.length);
    for (const item of found.items) {
      const isSynthetic = synthetic.has(item.file);
      assert.equal(/syn_/.test(basename(item.file)), isSynthetic, item.file);
      if (isSynthetic) assert.notEqual(item.split, 'test');
      if (isSynthetic) assert.doesNotMatch(item.file, /(?:^|\/)test\//);
      assert.doesNotMatch(item.file, /[<>:"\\|?*\p{Cc}\p{Cf}]|[. ](?:\/|$)|(?:^|\/)CON\./iu);
    }
    for (const entry of [...manifest.real, ...manifest.generated]) {
      if (entry.mask === null) continue;
      const key = 'imported' in entry ? entry.imported : entry.id!;
      const expected = job.masks.get(key)!.get(entry.type)!;
      const read = await Promise.all(found.items.filter((i) => i.file === entry.file).map(maskOf));
      assert.ok(
        read.some((mask) => Buffer.from(mask.data).equals(expected.data)),
        `${entry.file} ${entry.type}`,
      );
    }
    const types = new Set(found.items.filter((i) => i.role === 'defect').map((i) => i.type));
    assert.equal(types.size, new Set([...job.masks.values()].flatMap((m) => [...m.keys()])).size);
    const list = await readFile(join(job.out, 'synthetic.txt'), 'utf8');
    assert.deepEqual(list.trimEnd().split('\n').sort(), [...synthetic].sort());
  });
}

test('depth and channels of 16-bit and mono pictures stay as they are', async (t) => {
  for (const format of ['visa', 'yolo-seg', 'masks'] as const) {
    const job = await sampleJob(await tempFolder(t), format);
    await exportDataset(job);
    const manifest = parseManifest(await readFile(join(job.out, 'manifest.json'), 'utf8'));
    const mono = manifest.real.find((r) => r.imported === 'train/good/001.tif')!;
    const { raster } = await decodePicture(join(job.out, mono.file));
    assert.deepEqual([raster.channels, raster.data.constructor], [1, Uint16Array], format);
    const made = manifest.generated.find((g) => g.id === '01A')!;
    const picture = await decodePicture(join(job.out, made.file));
    assert.deepEqual([picture.raster.channels, picture.bitDepth], [1, 16], format);
  }
});

test('good parts alone are a fair export', async (t) => {
  for (const format of EXPORT_FORMATS) {
    const job = await sampleJob(await tempFolder(t), format);
    const result = await exportDataset({ ...job, real: job.real.slice(0, 3), generated: [job.generated[4]] });
    assert.deepEqual([result.readBack.pictures, result.readBack.masks, result.readBack.minIou], [4, 0, null]);
  }
});

test('one photo with two types is one picture where the format can say so', async (t) => {
  const job = await hostileJob(t, 'coco');
  await exportDataset(job);
  const { images, annotations } = JSON.parse(
    await readFile(join(job.out, 'annotations/instances_train.json'), 'utf8'),
  );
  const two = images.filter((i: { file_name: string }) => /two types/.test(i.file_name));
  assert.equal(two.length, 1);
  assert.equal(annotations.filter((a: { image_id: number }) => a.image_id === two[0].id).length, 2);
});

test('VOC says one type per pixel: an overlap is reported, in other formats nothing is lost', async (t) => {
  for (const format of ['voc', 'cvat', 'yolo-seg'] as const) {
    const job = await sampleJob(await tempFolder(t), format);
    const [first] = job.real.filter((r) => r.type === 'hole');
    const maskAbsPath = await put(job.out, '../over.png', await maskPng(boxMask(W, H, 12, 10, 3, 6)));
    const result = await exportDataset({
      ...job,
      real: [first, { ...first, type: 'Kratzer Ö', maskAbsPath }],
    });
    const lost = format === 'voc' ? (9 - 3) / 9 : 1;
    assert.ok(Math.abs(result.readBack.minIou! - lost) < 1e-9, `${format}: ${result.readBack.minIou}`);
  }
});

/** A change inside an annotation file that checksums, made to agree, cannot see. */
const FORGED: Partial<Record<ExportFormat, [file: string, from: RegExp, to: string]>> = {
  visa: ['nut_ M8/image_anno.csv', /,hole,/, ',Kratzer Ö,'],
  'yolo-seg': ['labels/train/hole_syn_windows_01B.txt', /^1 /, '0 '],
  labelme: ['train/hole_syn_windows_01B.json', /\[12,10\]/, '[11,10]'],
  voc: ['labelmap.txt', /hole/, 'Loch'],
  cvat: ['annotations.xml', /left="12"/, 'left="13"'],
  'label-studio': ['label-studio.json', /"brushlabels":\["hole"\]/, '"brushlabels":["dent"]'],
};

test('a type or an outline changed in an annotation file is found by reading it back', async (t) => {
  for (const [format, [file, from, to]] of Object.entries(FORGED)) {
    const job = await sampleJob(await tempFolder(t), format as ExportFormat);
    await exportDataset(job);
    const text = await readFile(join(job.out, file), 'utf8');
    const forged = text.replace(from, to);
    assert.notEqual(forged, text, format);
    await put(job.out, file, forged);
    const sums = parseSums(await readFile(join(job.out, 'SHA256SUMS'), 'utf8'));
    await put(job.out, 'SHA256SUMS', formatSums(sums.set(file, sha256Hex(Buffer.from(forged)))));
    const { problems, readBack } = await verifyExport(job.out);
    assert.ok(problems.length > 0, format);
    assert.match(problems[0].message, /^Read back as /);
    assert.notEqual(readBack, null);
  }
});

test('an export whose masks nothing can hold is refused whole', async (t) => {
  const job = await sampleJob(await tempFolder(t), 'voc');
  const types = Array.from({ length: 255 }, (_, i) => ({ ...job.generated[0], id: `x${i}`, type: `t${i}` }));
  await assert.rejects(exportDataset({ ...job, generated: types }), { code: 'unsupported' });
  await assert.rejects(readFile(join(job.out, 'manifest.json')), { code: 'ENOENT' });
});
