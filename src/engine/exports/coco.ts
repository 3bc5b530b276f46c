// COCO annotation files of an export, one per split, masks as compressed RLE.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import { maskToRle } from '../../core/formats/coco-rle.ts';
import type { Mask } from '../../core/image/raster.ts';
import { maskArea, maskBounds } from '../../core/image/raster.ts';
import { GOOD } from './export-job.ts';
import type { ExportSplit } from './plan.ts';

export interface CocoImage {
  id: number;
  /** Relative to images/. */
  file_name: string;
  width: number;
  height: number;
  synthetic: boolean;
}

export interface CocoAnnotation {
  id: number;
  image_id: number;
  category_id: number;
  segmentation: { size: [number, number]; counts: string };
  area: number;
  bbox: [number, number, number, number];
  iscrowd: 0 | 1;
}

export interface CocoFile {
  info: { description: string };
  licenses: [];
  images: CocoImage[];
  annotations: CocoAnnotation[];
  categories: { id: number; name: string; supercategory: string }[];
}

/** Collects pictures in order; ids run over all splits, so that files can be merged. */
export class CocoBuilder {
  private readonly files = new Map<ExportSplit, CocoFile>();
  private readonly categories: CocoFile['categories'];
  private readonly product: string;
  private nextImage = 1;
  private nextAnnotation = 1;

  constructor(product: string, types: readonly string[]) {
    this.product = product;
    const defects = [...new Set(types)].filter((t) => t !== GOOD).sort(compareCodePoints);
    this.categories = defects.map((name, i) => ({ id: i + 1, name, supercategory: 'defect' }));
  }

  /**
   * Adds a picture; a mask becomes one annotation. `iscrowd` stays 0 although the mask is RLE: trainers skip crowds.
   */
  add(split: ExportSplit, image: Omit<CocoImage, 'id'>, type: string, mask: Mask | null): void {
    const file = this.fileOf(split);
    const id = this.nextImage++;
    file.images.push({ id, ...image });
    const bounds = mask === null ? null : maskBounds(mask);
    if (mask === null || bounds === null) return;
    file.annotations.push({
      id: this.nextAnnotation++,
      image_id: id,
      category_id: this.categories.find((c) => c.name === type)!.id,
      segmentation: maskToRle(mask),
      area: maskArea(mask),
      bbox: [bounds.x, bounds.y, bounds.width, bounds.height],
      iscrowd: 0,
    });
  }

  /** Path and text of every annotation file. */
  finish(): { file: string; text: string }[] {
    return [...this.files].map(([split, file]) => ({
      file: `annotations/instances_${split}.json`,
      text: `${JSON.stringify(file)}\n`,
    }));
  }

  private fileOf(split: ExportSplit): CocoFile {
    const existing = this.files.get(split);
    if (existing !== undefined) return existing;
    const description = `${this.product}, ${split}: real and synthetic pictures, written by Flawsmith`;
    const file: CocoFile = {
      info: { description },
      licenses: [],
      images: [],
      annotations: [],
      categories: this.categories,
    };
    this.files.set(split, file);
    return file;
  }
}
