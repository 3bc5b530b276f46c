// COCO: one annotation file per split, masks as compressed RLE.

import { maskArea, maskBounds } from '../../image/raster.ts';
import { maskToRle } from '../coco-rle.ts';
import type { AnnotatedSplit } from './model.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';

interface CocoAnnotation {
  id: number;
  image_id: number;
  category_id: number;
  segmentation: { size: [number, number]; counts: string };
  area: number;
  bbox: [number, number, number, number];
  /** 0 although the mask is RLE: trainers skip crowds. */
  iscrowd: 0;
}

interface CocoFile {
  info: { description: string };
  licenses: [];
  /** `file_name` is relative to images/. */
  images: { id: number; file_name: string; width: number; height: number; synthetic: boolean }[];
  annotations: CocoAnnotation[];
  categories: { id: number; name: string; supercategory: string }[];
}

/** Ids run over all splits, so that files can be merged. */
export class CocoWriter implements AnnotationWriter {
  readonly #files = new Map<AnnotatedSplit, CocoFile>();
  readonly #types: readonly string[];
  readonly #product: string;
  #images = 0;
  #annotations = 0;

  /** The place of a type in the list, from 1, is its category id. */
  constructor(product: string, types: readonly string[]) {
    this.#product = product;
    this.#types = types;
  }

  /** Each mask becomes one annotation. */
  add({ name, width, height, split, synthetic, masks }: LabelledPicture): AnnotationFile[] {
    const file = this.#fileOf(split);
    const imageId = ++this.#images;
    file.images.push({ id: imageId, file_name: name, width, height, synthetic });
    for (const { type, mask } of masks) {
      const box = maskBounds(mask)!;
      file.annotations.push({
        id: ++this.#annotations,
        image_id: imageId,
        category_id: this.#types.indexOf(type) + 1,
        segmentation: maskToRle(mask),
        area: maskArea(mask),
        bbox: [box.x, box.y, box.width, box.height],
        iscrowd: 0,
      });
    }
    return [];
  }

  finish(): AnnotationFile[] {
    return [...this.#files].map(([split, file]) => ({
      file: `annotations/instances_${split}.json`,
      content: `${JSON.stringify(file)}\n`,
    }));
  }

  #fileOf(split: AnnotatedSplit): CocoFile {
    const existing = this.#files.get(split);
    if (existing !== undefined) return existing;
    const file: CocoFile = {
      info: { description: `${this.#product}, ${split}: real and synthetic pictures, written by Flawsmith` },
      licenses: [],
      images: [],
      annotations: [],
      categories: this.#types.map((name, i) => ({ id: i + 1, name, supercategory: 'defect' })),
    };
    this.#files.set(split, file);
    return file;
  }
}
