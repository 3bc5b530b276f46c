// Draws the mask of one type out of a picture's marks.

import { AppError } from '../../core/base/errors.ts';
import type { AnnotatedObject, Shape } from '../../core/formats/annotations/model.ts';
import { objectsMask, type PictureShape } from '../../core/formats/annotations/rasterise.ts';
import { orMasks, subtractMasks } from '../../core/image/mask-ops.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { emptyMask } from '../../core/image/raster.ts';
import { decodePicture } from '../imaging/index.ts';

/** Colours of a class picture; a photo has more. */
const MOST_VALUES = 4096;

export interface Marks {
  readonly width: number;
  readonly height: number;
  /** Objects of the type. */
  readonly objects: readonly AnnotatedObject[];
  /** Objects that are not to be judged, of any type: no mask holds their pixels. */
  readonly ignored: readonly AnnotatedObject[];
  readonly maskFiles: ReadonlyMap<string, string>;
}

export interface DerivedMask {
  readonly mask: Mask;
  /** Boxes whose whole area had to be taken, because no outline of the type lies in them. */
  readonly filledBoxes: number;
  /** Names of objects that cross themselves, and of those that leave the picture. */
  readonly crossed: readonly string[];
  readonly outside: readonly string[];
}

/** The same marks always give the same mask. Throws `bad-dataset`, `bad-mask` or `bad-image`. */
export async function deriveMask(marks: Marks): Promise<DerivedMask> {
  const { width, height } = marks;
  const pictures = await decodeMaskPictures(marks);
  const pixels = (shape: PictureShape): Mask => pictures.get(shape)!;
  const crossed: string[] = [];
  const outside: string[] = [];
  const draw = (objects: readonly AnnotatedObject[]): Mask =>
    objectsMask(objects, width, height, pixels, (object, remarks) => {
      if (remarks.crossed) crossed.push(object.label);
      if (remarks.outside) outside.push(object.label);
    });
  const isBox = (object: AnnotatedObject): boolean => object.shapes.every((shape) => shape.kind === 'box');
  const outlined = draw(marks.objects.filter((object) => !isBox(object)));
  // A box around an outline of its type says nothing new.
  const boxes = marks.objects.filter(
    (object) => isBox(object) && !object.shapes.some((box) => holdsPixels(outlined, box)),
  );
  const filledBoxes = boxes.length;
  const mask = boxes.length === 0 ? outlined : orMasks(outlined, draw(boxes));
  const ignored = marks.ignored.length === 0 ? emptyMask(width, height) : draw(marks.ignored);
  return { mask: subtractMasks(mask, ignored), filledBoxes, crossed, outside };
}

/** True where the mask has a pixel in the box. */
function holdsPixels(mask: Mask, shape: Shape): boolean {
  if (shape.kind !== 'box') return false;
  const [x0, x1] = [shape.x, shape.x + shape.width].map((x) =>
    Math.min(mask.width, Math.max(0, Math.round(x))),
  );
  const [y0, y1] = [shape.y, shape.y + shape.height].map((y) =>
    Math.min(mask.height, Math.max(0, Math.round(y))),
  );
  for (let y = y0; y < y1; y++) {
    if (mask.data.subarray(y * mask.width + x0, y * mask.width + x1).includes(1)) return true;
  }
  return false;
}

/** How many pixels of each value (grey level or 0xRRGGBB) a class picture has. */
export async function countValues(
  file: string,
  path: string,
  expect: { width: number; height: number },
): Promise<Map<number, number>> {
  const { width, height } = expect;
  const { raster } = await decodePicture(path, { name: file, expect: { width, height } });
  const counts = new Map<number, number>();
  for (let i = 0; i < width * height; i++) {
    const value = valueAt(raster, i);
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > MOST_VALUES) {
      throw new AppError(
        'bad-mask',
        `${file} has more than ${MOST_VALUES} colours: a photo, not a class picture.`,
        {
          file,
          hint: 'Class pictures are PNG with one colour per type.',
        },
      );
    }
  }
  return counts;
}

/** Pixels of every shape that is a picture; a picture named by several shapes is decoded once. */
async function decodeMaskPictures(marks: Marks): Promise<Map<PictureShape, Mask>> {
  const masks = new Map<PictureShape, Mask>();
  const files = new Map<string, Raster>();
  const limits = { maxPixels: marks.width * marks.height };
  for (const object of [...marks.objects, ...marks.ignored]) {
    for (const shape of object.shapes) {
      if (shape.kind === 'picture') {
        const name = `the mask inside ${object.label}`;
        masks.set(shape, marked((await decodePicture(shape.bytes, { name, limits })).raster, null));
      } else if (shape.kind === 'file') {
        const path = marks.maskFiles.get(shape.file);
        if (path === undefined)
          throw new AppError('bad-mask', `${shape.file} is not there.`, { file: shape.file });
        const expect = { width: marks.width, height: marks.height };
        const raster =
          files.get(shape.file) ?? (await decodePicture(path, { name: shape.file, expect })).raster;
        files.set(shape.file, raster);
        masks.set(shape, marked(raster, shape.value));
      }
    }
  }
  return masks;
}

/** Pixels of one value (grey level or 0xRRGGBB), or all that are not black. */
function marked(raster: Raster, value: number | null): Mask {
  const mask = emptyMask(raster.width, raster.height);
  for (let i = 0; i < mask.data.length; i++) {
    const pixel = valueAt(raster, i);
    mask.data[i] = (value === null ? pixel !== 0 : pixel === value) ? 1 : 0;
  }
  return mask;
}

function valueAt({ channels, data }: Raster, i: number): number {
  const at = i * channels;
  return channels < 3 ? data[at] : data[at] * 65536 + data[at + 1] * 256 + data[at + 2];
}
