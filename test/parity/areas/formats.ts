// Parity of import: decoded pixels of every kind of picture, masks of every annotation format, verdicts on bad files.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImportItem } from '../../../src/core/domain/import-report.ts';
import { VOC_VOID } from '../../../src/core/formats/annotations/voc.ts';
import { subtractMasks } from '../../../src/core/image/mask-ops.ts';
import { emptyMask, type Mask, maskArea } from '../../../src/core/image/raster.ts';
import { iou } from '../../../src/core/metrics/iou.ts';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { decodePicture, sha256File } from '../../../src/engine/imaging/index.ts';
import { type CheckResult, checkAbsolute, checkEqual, checkThat, notRun } from '../check.ts';
import { checkBadFiles } from '../formats-bad.ts';
import { allPictures, type FormatsIndex, inTempFolder, place, unionMasks } from '../formats-index.ts';
import { type Golden, openGolden, readJson } from '../golden.ts';

export const AREA = 'formats';

/** What libjpeg versions and CMYK formulas may differ by (README of the fixtures). */
const JPEG_LIMIT = 3;
const CMYK_LIMIT = 6;
/** Two honest ways to draw slanted edges of small polygons agree this far. */
const POLYGON_IOU = 0.95;

type Names = readonly string[];

export async function* run(dir: string): AsyncGenerator<CheckResult> {
  const formats = join(dir, 'formats');
  if (!existsSync(join(formats, 'index.json'))) {
    yield notRun(AREA, 'all', 'no formats/index.json');
    return;
  }
  const index = readJson<FormatsIndex>(dir, 'formats/index.json');
  yield* checkPixels(dir, index);
  yield* checkLayouts(dir, index);
  yield* checkBadFiles(AREA, formats, index);
}

async function* checkPixels(dir: string, index: FormatsIndex): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, 'formats/expected_pixels.safetensors');
  for (const [name, { kind, exact, shown_size }] of Object.entries(index.files)) {
    const { raster } = await decodePicture(join(dir, 'formats/images', name), { name });
    const { width, height, channels, data } = raster;
    const shape = [height, width, ...(channels === 1 ? [] : [channels])];
    yield checkEqual(AREA, `pictures/${name}/size`, [width, height], shown_size);
    yield checkEqual(AREA, `pictures/${name}/shape`, shape, golden.shape(name));
    const limit = exact ? 0 : /CMYK/i.test(kind) ? CMYK_LIMIT : JPEG_LIMIT;
    yield checkAbsolute(AREA, `pictures/${name}/pixels`, data, valuesOf(golden, name), limit);
  }
  golden.close();
}

function valuesOf(golden: Golden, name: string): ArrayLike<number> {
  return golden.numbers(name);
}

/** Masks that a folder is expected to give, by stem of the picture. */
interface Expected {
  /** Masks of the set, holes included. */
  readonly exact: ReadonlyMap<string, Mask>;
  /** Outlines filled by the pixel-centre rule: without holes. */
  readonly outlines: ReadonlyMap<string, Mask>;
  /** Boxes around every object, filled. */
  readonly boxes: ReadonlyMap<string, Mask>;
  readonly classes: ReadonlyMap<string, Names>;
}

async function* checkLayouts(dir: string, index: FormatsIndex): AsyncGenerator<CheckResult> {
  const formats = join(dir, 'formats');
  const expected = await readExpected(dir, index);
  for (const [name, mask] of expected.exact) {
    const area = Object.entries(index.files).find(([file]) => stem(file) === name)?.[1].mask_pixels ?? 0;
    yield checkEqual(AREA, `masks/${name}/area`, [maskArea(mask)], [area]);
  }
  for (const form of ['polygon', 'uncompressed', 'compressed']) {
    const file = join(formats, `coco/annotations_${form}.json`);
    if (!existsSync(file)) continue;
    const files = { ...(await allPictures(formats, 'images')), 'annotations.json': file };
    const masks = form === 'polygon' ? expected.outlines : expected.exact;
    const items = await inTempFolder((folder) => place(folder, files).then(() => read(folder)));
    yield* compare(`coco-${form}`, items, masks, expected.classes, form === 'polygon' ? POLYGON_IOU : 1);
  }
  for (const [layout, file] of [
    ['cvat', 'cvat/annotations.xml'],
    ['label-studio', 'label-studio/export.json'],
  ]) {
    if (!existsSync(join(formats, file))) continue;
    const files = { ...(await allPictures(formats, 'images')), [basename(file)]: join(formats, file) };
    const items = await inTempFolder((folder) => place(folder, files).then(() => read(folder)));
    const labelled = items.filter((item) => item.role !== 'unlabelled');
    yield* compare(layout, labelled, expected.exact, expected.classes, POLYGON_IOU);
  }
  if (existsSync(join(formats, 'yolo-seg'))) {
    const items = await read(join(formats, 'yolo-seg'));
    yield* compare('yolo-seg', items, expected.outlines, expected.classes, POLYGON_IOU);
  }
  if (existsSync(join(formats, 'yolo-boxes'))) {
    const items = await read(join(formats, 'yolo-boxes'));
    yield* compare('yolo-boxes', items, expected.boxes, expected.classes, POLYGON_IOU);
  }
  if (existsSync(join(formats, 'labelme'))) {
    // A good picture carries a circle and a line here, of which the index knows nothing.
    const items = await read(join(formats, 'labelme'));
    const known = items.filter((item) => (expected.classes.get(stem(item.file)) ?? []).length > 0);
    yield* compare('labelme', known, expected.outlines, expected.classes, POLYGON_IOU);
  }
  if (existsSync(join(formats, 'voc'))) yield* checkVoc(join(formats, 'voc'), expected);
  if (existsSync(join(formats, 'mvtec'))) yield* checkMvtec(formats, expected);
  if (existsSync(join(formats, 'visa'))) {
    const items = await read(join(formats, 'visa'));
    yield* compare('visa', items, expected.exact, null, 1);
  }
  if (existsSync(join(formats, 'dagm'))) yield* checkDagm(join(formats, 'dagm'));
}

async function read(folder: string): Promise<ImportItem[]> {
  return (await scanFolder(folder)).items;
}

/** Masks (all types of a picture together) and types. */
async function* compare(
  layout: string,
  items: readonly ImportItem[],
  expected: ReadonlyMap<string, Mask>,
  classes: ReadonlyMap<string, Names> | null,
  least: number,
): AsyncGenerator<CheckResult> {
  const masks = await unionMasks(items);
  if (masks.size === 0) yield { area: AREA, name: layout, status: 'fail', note: 'no pictures were read' };
  for (const [file, mask] of masks) {
    const name = `${layout}/${stem(file)}`;
    const gold = expected.get(stem(file)) ?? emptyMask(mask.width, mask.height);
    const overlap = maskArea(gold) + maskArea(mask) === 0 ? 1 : (iou(mask.data, gold.data) ?? 0);
    if (least < 1) yield checkThat(AREA, `${name}/iou`, overlap >= least, `IoU ${overlap}, wanted ${least}`);
    else yield checkEqual(AREA, `${name}/mask`, mask.data, gold.data);
    if (classes === null) continue;
    const types = items.filter((item) => item.file === file && item.type !== null).map((item) => item.type);
    const wanted = [...new Set(classes.get(stem(file)) ?? [])].sort();
    yield checkThat(
      AREA,
      `${name}/types`,
      types.sort().join() === wanted.join(),
      `${types} instead of ${wanted}`,
    );
  }
}

/** Void pixels (around objects) belong to no mask. */
async function* checkVoc(folder: string, expected: Expected): AsyncGenerator<CheckResult> {
  const items = await read(folder);
  const masks = new Map(expected.exact);
  for (const file of await readdir(join(folder, 'SegmentationClass'))) {
    const { raster } = await decodePicture(join(folder, 'SegmentationClass', file));
    const unjudged = emptyMask(raster.width, raster.height);
    for (let i = 0; i < unjudged.data.length; i++) {
      const [r, g, b] = raster.data.subarray(i * raster.channels, i * raster.channels + 3);
      if ((r << 16) + (g << 8) + b === VOC_VOID) unjudged.data[i] = 1;
    }
    const mask = masks.get(stem(file));
    if (mask !== undefined) masks.set(stem(file), subtractMasks(mask, unjudged));
  }
  yield* compare('voc', items, masks, expected.classes, 1);
}

/** Files have other names here; equal content tells which picture it is. */
async function* checkMvtec(formats: string, expected: Expected): AsyncGenerator<CheckResult> {
  const items = await read(join(formats, 'mvtec'));
  const originals = new Map<string, string>();
  for (const file of await readdir(join(formats, 'images'))) {
    originals.set(await sha256File(join(formats, 'images', file)), file);
  }
  const renamed = items.map((item) => ({ ...item, file: originals.get(item.sha256) ?? item.file }));
  yield* compare('mvtec', renamed, expected.exact, expected.classes, 1);
}

async function* checkDagm(folder: string): AsyncGenerator<CheckResult> {
  const items = await read(folder);
  const masks = new Map<string, Mask>();
  for (const item of items) {
    if (item.maskAbsPath === null) continue;
    const { raster } = await decodePicture(item.maskAbsPath);
    const data = Uint8Array.from(raster.data, (value) => (value > 0 ? 1 : 0));
    masks.set(stem(item.file), { width: raster.width, height: raster.height, data });
  }
  yield checkThat(AREA, 'dagm/defects', masks.size > 0, 'no defect was read');
  yield* compare('dagm', items, masks, null, 1);
}

async function readExpected(dir: string, index: FormatsIndex): Promise<Expected> {
  const exact = new Map<string, Mask>();
  const outlines = new Map<string, Mask>();
  const boxes = new Map<string, Mask>();
  const classes = new Map<string, Names>();
  const drawn = openGolden(dir, 'formats/coco/polygon_rasterised.safetensors');
  for (const [i, [name, { classes: names, shown_size }]] of Object.entries(index.files).entries()) {
    const [width, height] = shown_size;
    const key = stem(name);
    classes.set(key, names);
    const { raster } = await decodePicture(join(dir, 'formats/masks', `${key}.png`));
    exact.set(key, { width, height, data: Uint8Array.from(raster.data, (value) => (value > 0 ? 1 : 0)) });
    const parts = drawn.names.filter((n) => n.startsWith(`${i}.`) && n.endsWith('.centre_rule'));
    const outline = emptyMask(width, height);
    const box = emptyMask(width, height);
    for (const part of parts) {
      const pixels = drawn.int32(part);
      for (let k = 0; k < pixels.length; k++) outline.data[k] |= pixels[k] === 0 ? 0 : 1;
      fillBounds(box, pixels);
    }
    outlines.set(key, outline);
    boxes.set(key, box);
  }
  drawn.close();
  return { exact, outlines, boxes, classes };
}

/** Sets the box around the pixels that are not 0. */
function fillBounds(target: Mask, pixels: ArrayLike<number>): void {
  const { width, height, data } = target;
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    xs.push(i % width);
    ys.push(Math.floor(i / width));
  }
  const [x0, x1] = [Math.min(width, ...xs), Math.max(-1, ...xs)];
  const [y0, y1] = [Math.min(height, ...ys), Math.max(-1, ...ys)];
  for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) data[y * width + x] = 1;
}

function stem(file: string): string {
  return basename(file).replace(/\.[^.]*$/, '');
}
