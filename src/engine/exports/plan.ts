// Decides where every picture and mask of an export goes, before anything is written.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import type { AnnotatedSplit } from '../../core/formats/annotations/model.ts';
import type { PictureFormat } from '../../core/formats/picture-kind.ts';
import { extensionDisagrees } from '../../core/formats/picture-kind.ts';
import type { ExportJob, GeneratedItem, RealItem } from './export-job.ts';
import { GOOD } from './export-job.ts';
import type { Place } from './places.ts';
import { PLACES, SEVERAL_TYPES } from './places.ts';
import { NameAllocator, safeName } from './safe-name.ts';
import { typeNames } from './type-names.ts';

interface PlannedBase<Item> {
  /** Folder of the picture within the export, with '/'. */
  readonly folder: string;
  /** File name without extension, unique among pictures of its folder. */
  readonly stem: string;
  /** The split that the layout says; the manifest holds the one the picture came with. */
  readonly split: AnnotatedSplit;
  /** One per type: what is known of the picture, and the path of its mask or null. Never empty. */
  readonly labels: readonly { readonly item: Item; readonly mask: string | null }[];
}

export interface PlannedGenerated extends PlannedBase<GeneratedItem> {
  readonly kind: 'generated';
}

export interface PlannedReal extends PlannedBase<RealItem> {
  readonly kind: 'real';
}

export type Planned = PlannedGenerated | PlannedReal;

export interface ExportPlan {
  /** Folder name of the product. */
  readonly product: string;
  /** What the format calls each defect type, sorted by type. */
  readonly typeNames: ReadonlyMap<string, string>;
  readonly pictures: readonly Planned[];
}

/** Plans real pictures first, then generated ones; within each by type and name, so that equal jobs give equal sets. */
export function planExport(job: ExportJob): ExportPlan {
  const names = new NameAllocator();
  const product = safeName(job.product);
  const types = typeNames(
    job.format,
    [...job.real, ...job.generated].map((item) => item.type),
  );
  const folderName = (type: string): string => (type === GOOD ? GOOD : safeName(types.get(type)!));
  const place = (
    items: readonly { type: string }[],
    split: AnnotatedSplit,
    name: string,
    synthetic: boolean,
  ): Place => {
    const folders = items.map((item) => folderName(item.type));
    return PLACES[job.format]({ product, types: folders, split, name, synthetic, names });
  };
  const pictures: Planned[] = [];
  for (const items of realPictures(job)) {
    const [{ file, split }] = items;
    const name = withoutExtension(file.slice(file.lastIndexOf('/') + 1));
    const { masks, ...at } = place(items, split ?? 'train', name, false);
    const labels = items.map((item, i) => ({ item, mask: item.maskAbsPath === null ? null : masks[i] }));
    pictures.push({ kind: 'real', ...at, labels });
  }
  const generated = [...job.generated].sort(
    (a, b) => compareCodePoints(a.type, b.type) || compareCodePoints(a.id, b.id),
  );
  for (const item of generated) {
    const { masks, ...at } = place([item], 'train', `syn_${item.generator}_${item.id}`, true);
    pictures.push({
      kind: 'generated',
      ...at,
      labels: [{ item, mask: item.maskPng === null ? null : masks[0] }],
    });
  }
  return { product, typeNames: types, pictures };
}

/** Items of one picture together where the format can hold several types: the workspace has one item per type. */
function realPictures(job: ExportJob): RealItem[][] {
  const sorted = [...job.real].sort(
    (a, b) => compareCodePoints(a.type, b.type) || compareCodePoints(a.file, b.file),
  );
  if (!SEVERAL_TYPES.has(job.format)) return sorted.map((item) => [item]);
  const pictures = new Map<string, RealItem[]>();
  for (const [i, item] of sorted.entries()) {
    const key = `${item.sha256} ${item.split} ${item.file}`;
    const known = pictures.get(key);
    if (known === undefined) pictures.set(key, [item]);
    else if (item.type === GOOD || known.some((k) => k.type === item.type || k.type === GOOD))
      pictures.set(`${key} ${i}`, [item]);
    else known.push(item);
  }
  return [...pictures.values()];
}

/** The file name of a copied picture: its own extension where that tells the truth. */
export function fileNameOf(stem: string, original: string, format: PictureFormat): string {
  const usual = { png: 'png', jpeg: 'jpg', tiff: 'tif', webp: 'webp', bmp: 'bmp' }[format];
  const own = original.slice(original.lastIndexOf('.') + 1).toLowerCase();
  return `${stem}.${extensionDisagrees(original, format) ? usual : own}`;
}

function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
