// Pascal VOC: boxes as XML, class and object numbers as palette pictures, lists per split.

import { AppError } from '../../base/errors.ts';
import { labelComponents } from '../../image/components.ts';
import type { Rect } from '../../image/raster.ts';
import { maskArea, maskBounds } from '../../image/raster.ts';
import { xmlText } from './escape.ts';
import type { AnnotatedSplit } from './model.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';
import { stemOfName } from './write-model.ts';

/** 255 means "void" in VOC. */
const MOST_NUMBERS = 254;
const LISTS: Readonly<Record<AnnotatedSplit, string>> = { train: 'train', validation: 'val', test: 'test' };

export class VocWriter implements AnnotationWriter {
  readonly #types: readonly string[];
  readonly #lists = new Map<string, string[]>();

  /** The place of a type in the list, from 1, is its class number. */
  constructor(types: readonly string[]) {
    if (types.length > MOST_NUMBERS) {
      throw new AppError(
        'unsupported',
        `VOC can tell ${MOST_NUMBERS} types apart, there are ${types.length}.`,
        {
          hint: 'Export as COCO.',
        },
      );
    }
    this.#types = types;
  }

  add(picture: LabelledPicture): AnnotationFile[] {
    const stem = stemOfName(picture.name);
    const { width, height, split, synthetic } = picture;
    this.#list(LISTS[split], stem);
    if (synthetic) this.#list('synthetic', stem);
    const { objects, classes, numbers } = numberObjects(picture, this.#types);
    const files: AnnotationFile[] = [{ file: `Annotations/${stem}.xml`, content: xmlOf(picture, objects) }];
    const palette = vocPalette();
    for (const [folder, data] of [
      ['SegmentationClass', classes],
      ['SegmentationObject', numbers],
    ] as const) {
      files.push({ file: `${folder}/${stem}.png`, content: { width, height, data, palette } });
    }
    return files;
  }

  finish(): AnnotationFile[] {
    const palette = vocPalette();
    const labels = this.#types.map((type, i) => {
      const colour = palette.subarray(3 * (i + 1), 3 * (i + 2)).join(',');
      return `${type.replaceAll(':', '_')}:${colour}::\n`;
    });
    const map = ['# label:color_rgb:parts:actions\n', 'background:0,0,0::\n', ...labels].join('');
    const lists = [...this.#lists].map(([name, stems]) => ({
      file: `ImageSets/Segmentation/${name}.txt`,
      content: stems.map((stem) => `${stem}\n`).join(''),
    }));
    return [{ file: 'labelmap.txt', content: map }, ...lists];
  }

  #list(name: string, stem: string): void {
    if (!this.#lists.has(name)) this.#lists.set(name, []);
    this.#lists.get(name)!.push(stem);
  }
}

interface VocObject {
  readonly type: string;
  readonly box: Rect;
}

/**
 * One object per component, or per type where there are more components than numbers. Where masks of two types
 * overlap, the smaller one lies on top: one number per pixel is all that the format has.
 */
function numberObjects(picture: LabelledPicture, types: readonly string[]) {
  const { width, height } = picture;
  const masks = [...picture.masks].sort((a, b) => maskArea(b.mask) - maskArea(a.mask));
  const classes = new Uint8Array(width * height);
  const numbers = new Uint8Array(width * height);
  const objects: VocObject[] = [];
  const parts = masks.map(({ mask }) => labelComponents(mask));
  const single = parts.reduce((sum, p) => sum + p.components.length, 0) <= MOST_NUMBERS;
  for (const [m, { type, mask }] of masks.entries()) {
    const first = objects.length;
    const boxes = single ? parts[m].components.map((c) => c.bounds) : [maskBounds(mask)!];
    objects.push(...boxes.map((box) => ({ type, box })));
    const { labels } = parts[m];
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] === 0) continue;
      classes[i] = types.indexOf(type) + 1;
      numbers[i] = first + (single ? labels[i] : 1);
    }
  }
  return { objects, classes, numbers };
}

function xmlOf(picture: LabelledPicture, objects: readonly VocObject[]): string {
  const { name, width, height, channels, synthetic } = picture;
  const lines = [
    '<annotation>',
    '  <folder>JPEGImages</folder>',
    `  <filename>${xmlText(name)}</filename>`,
    `  <source><database>Flawsmith</database><annotation>Flawsmith</annotation><image>${synthetic ? 'synthetic' : 'photo'}</image></source>`,
    `  <size><width>${width}</width><height>${height}</height><depth>${channels}</depth></size>`,
    `  <segmented>${objects.length > 0 ? 1 : 0}</segmented>`,
    ...objects.map((object) => objectElement(object, picture)),
    '</annotation>',
    '',
  ];
  return lines.join('\n');
}

/** Boxes count from 1 and include their last pixel. */
function objectElement({ type, box }: VocObject, { width, height }: LabelledPicture): string {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const cut = box.x === 0 || box.y === 0 || right === width || bottom === height;
  return [
    `  <object><name>${xmlText(type)}</name><pose>Unspecified</pose><truncated>${cut ? 1 : 0}</truncated>`,
    '<difficult>0</difficult>',
    `<bndbox><xmin>${box.x + 1}</xmin><ymin>${box.y + 1}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
  ].join('');
}

/** The colours of VOC: the bits of a number, spread over the high bits of red, green and blue. */
function vocPalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let number = 0; number < 256; number++) {
    for (let bit = 0; bit < 8; bit++) {
      palette[3 * number + (bit % 3)] |= ((number >> bit) & 1) << (7 - Math.floor(bit / 3));
    }
  }
  return palette;
}
