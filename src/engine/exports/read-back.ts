// Reads an export by our own importer and holds what comes out against the manifest: types, splits, masks.

import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { ImportItem, ReadableLayout } from '../../core/domain/import-report.ts';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import type { AnnotatedSplit } from '../../core/formats/annotations/model.ts';
import type { Mask } from '../../core/image/raster.ts';
import { scanFolder } from '../datasets/index.ts';
import { mvtecSplit } from '../datasets/layout-mvtec.ts';
import { decodeMask } from '../imaging/index.ts';
import { GOOD } from './export-job.ts';
import type { Manifest, ManifestGenerated, ManifestReal } from './manifest.ts';
import { typeNames } from './type-names.ts';
import type { VerifyProblem } from './verify-problem.ts';
import { ProblemList } from './verify-problem.ts';

/** What the importer made of an export. */
export interface ReadBack {
  /** The layout that it was read as. */
  readonly layout: string;
  /** Pictures found again with their type and split. */
  readonly pictures: number;
  /** Masks compared, and those equal in every pixel. */
  readonly masks: number;
  readonly exactMasks: number;
  /** Smallest overlap (intersection over union) of a mask with the one that was written; null without masks. */
  readonly minIou: number | null;
}

export interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

type Entry = ManifestGenerated | ManifestReal;

/** The importer's name for a format's layout. */
const LAYOUTS: Readonly<Record<ExportFormat, ReadableLayout>> = {
  mvtec: 'mvtec',
  visa: 'visa',
  coco: 'coco',
  'yolo-seg': 'yolo',
  labelme: 'labelme',
  voc: 'voc',
  cvat: 'cvat',
  'label-studio': 'label-studio',
  masks: 'image-mask',
};

/** Where defects of two types overlap, these formats say one of them; the loss is reported, not refused. */
const ONE_TYPE_PER_PIXEL: ReadonlySet<ExportFormat> = new Set(['voc']);

/** Differences are problems; a folder that the importer cannot read at all throws its AppError. */
export async function readBack(
  dir: string,
  manifest: Manifest,
  { signal, onProgress }: Watch = {},
): Promise<{ report: ReadBack; problems: VerifyProblem[] }> {
  const { format } = manifest;
  const entries: Entry[] = [...manifest.real, ...manifest.generated];
  const types = typeNames(
    format,
    entries.map((entry) => entry.type),
  );
  const problems = new ProblemList();
  const found = await scanFolder(dir, { layout: LAYOUTS[format], signal, onProgress });
  for (const { file, code, level, message, hint } of found.problems) {
    // Good parts alone are a fair export.
    if (level === 'reject' && code !== 'no-defects') problems.add(file, `${file}: ${message}.`, hint, code);
  }
  // A picture with defects of several types is an item, and an entry, for each.
  const keyOf = (file: string, type: string | null): string => JSON.stringify([file, type]);
  const items = new Map(found.items.map((item) => [keyOf(item.file, item.type), item]));
  const perFile = new Map<string, number>();
  for (const { file } of entries) perFile.set(file, (perFile.get(file) ?? 0) + 1);
  const overlaps: number[] = [];
  const pictures = new Set<string>();
  for (const entry of entries) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const type = types.get(entry.type) ?? null;
    const item = items.get(keyOf(entry.file, type));
    items.delete(keyOf(entry.file, type));
    const what = type === null ? 'as a good part' : `with "${type}"`;
    const difference = item === undefined ? `is not found ${what}` : differenceOf(item, entry, format);
    if (difference !== null) {
      problems.add(entry.file, `Read back as ${format}, ${entry.file} ${difference}.`);
      continue;
    }
    pictures.add(entry.file);
    if (entry.mask === null) continue;
    const overlap = await overlapOf(dir, item!, entry.mask);
    overlaps.push(overlap);
    if (overlap < 1 && !(perFile.get(entry.file)! > 1 && ONE_TYPE_PER_PIXEL.has(format))) {
      const percent = (100 * overlap).toFixed(2);
      problems.add(
        entry.file,
        `Read back as ${format}, the mask of ${entry.file} overlaps ${percent} % only.`,
      );
    }
  }
  for (const file of items.keys())
    problems.add(file, `Read back as ${format}, ${file} appears as a picture.`);
  const report = {
    layout: found.layout,
    pictures: pictures.size,
    masks: overlaps.length,
    exactMasks: overlaps.filter((v) => v === 1).length,
    minIou: overlaps.reduce<number | null>((least, v) => (least === null || v < least ? v : least), null),
  };
  return { report, problems: problems.problems };
}

/** What the importer got wrong about a picture, or null. */
function differenceOf(item: ImportItem, entry: Entry, format: ExportFormat): string | null {
  const role = entry.type === GOOD ? 'normal' : 'defect';
  if (item.role !== role) return `is ${item.role} instead of ${role}`;
  const split = splitSaid(entry, format);
  if (split !== undefined && item.split !== split)
    return `is in ${item.split ?? 'no split'} instead of ${split}`;
  if ((item.maskAreaPx === null) !== (entry.mask === null)) return 'has lost its mask';
  return null;
}

/** The split that the layout says about a picture; undefined where it has no way to. */
function splitSaid(entry: Entry, format: ExportFormat): AnnotatedSplit | undefined {
  const split = 'generator' in entry ? 'train' : (entry.split ?? 'train');
  if (format === 'label-studio') return undefined;
  if (format === 'visa') return split === 'test' ? 'test' : 'train';
  // Real defects lie in test/ whatever their split.
  if (format === 'mvtec') return mvtecSplit(entry.file.split('/')[1] ?? '') ?? undefined;
  return split;
}

/** Intersection over union of the mask read back and the mask file of the export. */
async function overlapOf(dir: string, item: ImportItem, maskFile: string): Promise<number> {
  const written = (await decodeMask(join(dir, maskFile), item, { name: maskFile })).mask;
  const read = await maskOfItem(item);
  let [both, either] = [0, 0];
  for (let i = 0; i < written.data.length; i++) {
    both += written.data[i] & read.data[i];
    either += written.data[i] | read.data[i];
  }
  return both / either;
}

async function maskOfItem(item: ImportItem): Promise<Mask> {
  const input = item.maskPng === null ? item.maskAbsPath! : await item.maskPng();
  return (await decodeMask(input, item, { name: item.maskFile ?? item.file })).mask;
}
