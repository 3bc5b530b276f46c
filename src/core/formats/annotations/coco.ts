// COCO instances: images, categories and annotations with polygons, run lengths (both forms) or boxes only.

import { decompressCounts } from '../coco-rle.ts';
import { Collector, notReadable } from './collect.ts';
import { badShape, boxFromSize, checkRuns, ringFrom } from './geometry.ts';
import { field, isRecord, type Json, listField, printable, sizeField, textField } from './json.ts';
import type { AnnotatedObject, AnnotatedSplit, AnnotationSet, Shape } from './model.ts';

export function isCoco(json: Json): boolean {
  if (!isRecord(json)) return false;
  return (
    Object.hasOwn(json, 'images') && (Object.hasOwn(json, 'annotations') || Object.hasOwn(json, 'categories'))
  );
}

interface Image {
  readonly file: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly objects: AnnotatedObject[];
}

/** Reads a parsed file; `split` is what its name says about all of its pictures. */
export function readCoco(json: Json, split: AnnotatedSplit | null = null): AnnotationSet {
  const images = listField(json, 'images');
  const annotations =
    listField(json, 'annotations') ?? (field(json, 'annotations') === undefined ? [] : null);
  const categories = listField(json, 'categories') ?? (field(json, 'categories') === undefined ? [] : null);
  if (images === null) throw notReadable('is not COCO: "images" is not a list');
  if (annotations === null) throw notReadable('is not COCO: "annotations" is not a list');
  if (categories === null) throw notReadable('is not COCO: "categories" is not a list');
  const out = new Collector();
  const byId = readImages(images, out);
  const names = readCategories(categories);
  const missing = { images: 0, categories: 0 };
  const seen = new Set<string>();
  for (const [i, annotation] of annotations.entries()) {
    const id = idOf(annotation) ?? `#${i}`;
    const label = `annotation ${printable(id)}`;
    if (seen.has(id))
      out.warn(null, `${label} occurs twice; both are used`, 'Give every annotation its own id.');
    seen.add(id);
    const image = byId.get(idOf(annotation, 'image_id') ?? '');
    if (image === undefined) {
      missing.images++;
      continue;
    }
    const category = idOf(annotation, 'category_id') ?? '';
    const known = names.get(category);
    if (known === undefined) missing.categories++;
    const type = known ?? 'unknown category';
    const shapes = (): Shape[] => shapesOf(annotation, image);
    image.objects.push(...out.object(image.file, label, type, shapes, known === undefined));
  }
  if (missing.images > 0) out.warn(null, `${counted(missing.images)} of pictures it does not list; left out`);
  if (missing.categories > 0) {
    const message = `${counted(missing.categories)} of a category it does not list; left out, and their pictures count as unlabelled where nothing else is marked`;
    out.warn(null, message);
  }
  for (const image of byId.values()) out.add({ ...image, split });
  return out.done();
}

function readImages(images: readonly Json[], out: Collector): Map<string, Image> {
  const byId = new Map<string, Image>();
  for (const [i, image] of images.entries()) {
    const id = idOf(image);
    if (id === null) throw notReadable(`is not COCO: image #${i} has no id`);
    if (byId.has(id)) throw notReadable(`is ambiguous: two images have the id ${printable(id)}`);
    const file = out.name(textField(image, 'file_name'), `image ${printable(id)}`);
    if (file === null) continue;
    byId.set(id, { file, width: sizeField(image, 'width'), height: sizeField(image, 'height'), objects: [] });
  }
  return byId;
}

function readCategories(categories: readonly Json[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const category of categories) {
    const id = idOf(category);
    if (id === null) continue;
    if (names.has(id)) throw notReadable(`is ambiguous: two categories have the id ${printable(id)}`);
    names.set(id, textField(category, 'name') ?? `category ${id}`);
  }
  return names;
}

function counted(annotations: number): string {
  return annotations === 1 ? '1 annotation is' : `${annotations} annotations are`;
}

/** Ids are numbers or text; "1" and 1 are the same, as in files of tools that write text. */
function idOf(from: Json, key = 'id'): string | null {
  const id = field(from, key);
  return typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? String(id) : null;
}

function shapesOf(annotation: Json, image: Image): Shape[] {
  const segmentation = field(annotation, 'segmentation');
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    const parts = typeof segmentation[0] === 'number' ? [segmentation] : segmentation;
    return parts.map((part) => {
      if (!Array.isArray(part)) throw badShape('has an outline that is no list of coordinates');
      return { kind: 'polygon', rings: [ringFrom(part)] };
    });
  }
  if (isRecord(segmentation)) return [runsOf(segmentation, image)];
  const box = listField(annotation, 'bbox');
  if (box === null || box.length !== 4) throw badShape('has neither an outline nor a box');
  return [boxFromSize(box[0], box[1], box[2], box[3])];
}

function runsOf(rle: Json, image: Image): Shape {
  const size = listField(rle, 'size') ?? [];
  const [height, width] = size;
  if (size.length !== 2 || !isSide(height) || !isSide(width))
    throw badShape('has run lengths without a size');
  if ((image.width ?? width) !== width || (image.height ?? height) !== height) {
    throw badShape(`has run lengths for ${width}x${height}, its picture is ${image.width}x${image.height}`);
  }
  const counts = field(rle, 'counts');
  if (typeof counts !== 'string' && !Array.isArray(counts)) throw badShape('has no run lengths');
  const numbers = typeof counts === 'string' ? decompressCounts(counts) : counts;
  return {
    kind: 'runs',
    order: 'columns',
    x: 0,
    y: 0,
    width,
    height,
    counts: checkRuns(numbers, width, height),
  };
}

function isSide(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1e6;
}
