// Decides where every picture and mask of an export goes, before anything is written.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import type { PictureFormat } from '../../core/formats/picture-kind.ts';
import { extensionDisagrees } from '../../core/formats/picture-kind.ts';
import type { ExportFormat, ExportJob, GeneratedItem, RealItem } from './export-job.ts';
import { GOOD } from './export-job.ts';
import { NameAllocator, safeName } from './safe-name.ts';

export type ExportSplit = 'train' | 'test' | 'validation';

interface PlannedBase {
  /** Folder of the picture within the export, with '/'. */
  readonly folder: string;
  /** File name without extension, unique among pictures of its folder. */
  readonly stem: string;
  /** Path of the mask, or null. */
  readonly mask: string | null;
  readonly split: ExportSplit;
}

export interface PlannedGenerated extends PlannedBase {
  readonly kind: 'generated';
  readonly item: GeneratedItem;
}

export interface PlannedReal extends PlannedBase {
  readonly kind: 'real';
  readonly item: RealItem;
}

export type Planned = PlannedGenerated | PlannedReal;

/** Plans real pictures first, then generated ones; within each by type and name, so that equal jobs give equal sets. */
export function planExport(job: ExportJob): Planned[] {
  const names = new NameAllocator();
  const folders = new Map<string, string>();
  names.allocate('type', GOOD);
  const typeFolder = (type: string): string => {
    if (type === GOOD) return GOOD;
    if (!folders.has(type)) folders.set(type, names.allocate('type', type));
    return folders.get(type)!;
  };
  const place = PLACES[job.format];
  const product = safeName(job.product);
  const planned: Planned[] = [];
  const real = [...job.real].sort(
    (a, b) => compareCodePoints(a.type, b.type) || compareCodePoints(a.file, b.file),
  );
  for (const item of real) {
    const split = item.split ?? 'train';
    const name = item.file.slice(item.file.lastIndexOf('/') + 1);
    const at = place(product, typeFolder(item.type), split, withoutExtension(name), names);
    planned.push({ kind: 'real', item, split, ...at, mask: item.maskAbsPath === null ? null : at.mask });
  }
  const generated = [...job.generated].sort(
    (a, b) => compareCodePoints(a.type, b.type) || compareCodePoints(a.id, b.id),
  );
  for (const item of generated) {
    const at = place(product, typeFolder(item.type), 'train', `syn_${item.generator}_${item.id}`, names);
    planned.push({
      kind: 'generated',
      item,
      split: 'train',
      ...at,
      mask: item.maskPng === null ? null : at.mask,
    });
  }
  return planned;
}

/** The file name of a copied picture: its own extension where that tells the truth. */
export function fileNameOf(stem: string, original: string, format: PictureFormat): string {
  const usual = { png: 'png', jpeg: 'jpg', tiff: 'tif', webp: 'webp', bmp: 'bmp' }[format];
  const own = original.slice(original.lastIndexOf('.') + 1).toLowerCase();
  return `${stem}.${extensionDisagrees(original, format) ? usual : own}`;
}

type Place = (
  product: string,
  type: string,
  split: ExportSplit,
  name: string,
  names: NameAllocator,
) => { folder: string; stem: string; mask: string };

const PLACES: Record<ExportFormat, Place> = {
  // MVTec knows defects only under test/; which of them are synthetic and which were shots is in the manifest.
  mvtec: (product, type, split, name, names) => {
    const folder = type === GOOD ? `${product}/${split}/${GOOD}` : `${product}/test/${type}`;
    const stem = names.allocate(folder, name);
    return { folder, stem, mask: `${product}/ground_truth/${type}/${stem}_mask.png` };
  },
  coco: (_product, type, _split, name, names) => {
    const stem = names.allocate('images', `${type}_${name}`);
    return { folder: 'images', stem, mask: `masks/${stem}_mask.png` };
  },
};

function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
