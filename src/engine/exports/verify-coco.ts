// Checks COCO annotation files against the pictures and masks beside them.

import { z } from 'zod';
import { AppError } from '../../core/base/errors.ts';
import { rleToMask } from '../../core/formats/coco-rle.ts';
import type { Mask } from '../../core/image/raster.ts';
import { maskArea, maskBounds } from '../../core/image/raster.ts';
import type { ProblemList } from './verify-problem.ts';
import { EXPORT_AGAIN } from './verify-problem.ts';

const id = z.number().int().positive();
const size = z.number().int().positive();
const cocoFile = z.object({
  images: z.array(z.object({ id, file_name: z.string(), width: size, height: size, synthetic: z.boolean() })),
  annotations: z.array(
    z.object({
      id,
      image_id: id,
      category_id: id,
      segmentation: z.object({ size: z.tuple([size, size]), counts: z.string() }),
      area: z.number(),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      iscrowd: z.union([z.literal(0), z.literal(1)]),
    }),
  ),
  categories: z.array(z.object({ id, name: z.string() })),
});

/** A picture of the export as the checks found it. */
export interface CheckedPicture {
  readonly width: number;
  readonly height: number;
  /** Loads the mask of each type, by the name that the export gives the type; none for good parts. */
  readonly masks: Map<string, () => Promise<Mask>>;
  readonly synthetic: boolean;
}

/**
 * Checks all annotation files together: ids unique, references resolved, sizes, masks, areas and boxes equal to the
 * pictures and mask files; every picture in exactly one file. `pictures` is keyed by the path within the export.
 */
export async function verifyCoco(
  files: readonly { file: string; text: string }[],
  pictures: ReadonlyMap<string, CheckedPicture>,
  problems: ProblemList,
): Promise<void> {
  const seen = new Set<string>();
  const ids = new Set<string>();
  for (const { file, text } of files) {
    const data = await problems.attempt(file, () => parse(file, text));
    if (data === null) continue;
    const once = (kind: string, value: number): void => {
      if (ids.has(`${kind} ${value}`)) problems.add(file, `${file} uses ${kind} id ${value} twice.`);
      ids.add(`${kind} ${value}`);
    };
    const images = new Map(data.images.map((image) => [image.id, image]));
    const categories = new Map(data.categories.map((category) => [category.id, category.name]));
    const annotated = new Set<string>();
    for (const image of data.images) {
      once('image', image.id);
      const path = `images/${image.file_name}`;
      if (seen.has(path)) problems.add(file, `${file} lists ${path} again.`);
      seen.add(path);
      const picture = pictures.get(path);
      if (picture === undefined)
        problems.add(file, `${file} lists ${path}, which the manifest does not know.`);
      else if (picture.width !== image.width || picture.height !== image.height)
        problems.add(file, `${file} gives a wrong size for ${path}.`);
      else if (picture.synthetic !== image.synthetic)
        problems.add(file, `${file} says the wrong thing about ${path} being synthetic.`);
    }
    for (const annotation of data.annotations) {
      once('annotation', annotation.id);
      const image = images.get(annotation.image_id);
      const picture = image === undefined ? undefined : pictures.get(`images/${image.file_name}`);
      const type = categories.get(annotation.category_id);
      if (image === undefined || type === undefined)
        problems.add(file, `Annotation ${annotation.id} of ${file} refers to nothing.`);
      if (image === undefined || type === undefined || picture === undefined) continue;
      annotated.add(`${image.id} ${type}`);
      const load = picture.masks.get(type);
      if (load === undefined)
        problems.add(file, `Annotation ${annotation.id} says ${type}, the manifest does not.`);
      if (load === undefined) continue;
      const mask = await problems.attempt(file, () => rleToMask(annotation.segmentation, picture));
      const expected = await problems.attempt(file, load);
      if (mask !== null && !agrees(annotation, mask, expected)) {
        problems.add(file, `Annotation ${annotation.id} (${image.file_name}) differs from its mask file.`);
      }
    }
    for (const image of data.images) {
      const picture = pictures.get(`images/${image.file_name}`);
      for (const type of picture?.masks.keys() ?? []) {
        if (!annotated.has(`${image.id} ${type}`))
          problems.add(file, `${image.file_name} has a mask but no annotation of ${type}.`);
      }
    }
  }
  for (const path of pictures.keys())
    if (!seen.has(path)) problems.add(path, `${path} is in no annotation file.`);
}

function parse(file: string, text: string): z.infer<typeof cocoFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('verify-failed', `${file} is not JSON.`, { file, hint: EXPORT_AGAIN }, cause);
  }
  const parsed = cocoFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `${file} is wrong at "${issue.path.join('.')}": ${issue.message}.`;
  throw new AppError('verify-failed', message, { file, hint: EXPORT_AGAIN });
}

function agrees(annotation: { area: number; bbox: number[] }, mask: Mask, expected: Mask | null): boolean {
  const bounds = maskBounds(mask);
  if (expected === null || bounds === null) return false;
  const box = [bounds.x, bounds.y, bounds.width, bounds.height];
  return (
    annotation.area === maskArea(mask) &&
    box.every((v, i) => v === annotation.bbox[i]) &&
    Buffer.from(mask.data).equals(expected.data)
  );
}
