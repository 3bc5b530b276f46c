// Finds every annotation file of a folder and the pictures it labels.

import { AppError } from '../../core/base/errors.ts';
import type { ImportProblem, ReadableLayout } from '../../core/domain/import-report.ts';
import type { Candidate } from './candidate.ts';
import { mayBePicture, stemOf } from './folder-words.ts';
import { type LabelSource, readLabelSource } from './label-source.ts';
import { isVocMask, readVocMasks, vocSplits } from './layout-voc-masks.ts';
import { readYoloSources } from './layout-yolo.ts';
import { linkLabels } from './link-labels.ts';
import type { Claim } from './merge-labels.ts';
import { PictureIndex } from './picture-index.ts';
import type { WalkResult } from './walk.ts';

export interface FoundLabels {
  readonly claims: readonly Claim[];
  readonly problems: ImportProblem[];
  /** Annotation files per layout that hold labels of pictures, for the reason. */
  readonly files: ReadonlyMap<ReadableLayout, readonly string[]>;
}

/** Layouts whose labels come from files of text. */
export const LABEL_LAYOUTS: readonly ReadableLayout[] = [
  'coco',
  'yolo',
  'labelme',
  'voc',
  'cvat',
  'label-studio',
];

const NAMES: Partial<Record<ReadableLayout, string>> = {
  coco: 'COCO',
  yolo: 'YOLO',
  labelme: 'LabelMe',
  voc: 'Pascal VOC',
  cvat: 'CVAT',
  'label-studio': 'Label Studio',
};

/** How people call the layout. */
export function layoutName(layout: ReadableLayout): string {
  return NAMES[layout] ?? layout;
}

/** Reads all annotation files, or those of one layout. */
export async function findLabels(
  walk: WalkResult,
  wanted: 'auto' | ReadableLayout,
  signal: AbortSignal | undefined,
): Promise<FoundLabels> {
  const problems: ImportProblem[] = [];
  const index = new PictureIndex(walk.files, (file) => mayBePicture(file) && !isVocMask(file));
  const claims: Claim[] = [];
  const files = new Map<ReadableLayout, string[]>();
  const take = (layout: ReadableLayout, file: string, candidates: readonly Candidate[]): void => {
    const single = layout === 'coco' || layout === 'cvat' || layout === 'label-studio';
    const by = single ? `${layoutName(layout)} (${file})` : layoutName(layout);
    for (const candidate of candidates) claims.push({ candidate, by });
    const known = files.get(layout);
    if (known === undefined) files.set(layout, [file]);
    else known.push(file);
  };
  const is = (layout: ReadableLayout): boolean => wanted === 'auto' || wanted === layout;
  const splits = is('voc') ? await vocSplits(walk, problems) : new Map();
  const types = new Map<string, string[]>();
  for await (const source of sources(walk, index, is, problems, signal)) {
    const candidates = linkLabels(source, index, problems).map((candidate) => {
      if (source.layout !== 'voc') return candidate;
      types.set(
        candidate.file,
        candidate.labels!.picture.objects.map((object) => object.type),
      );
      return { ...candidate, split: splits.get(stemOf(candidate.file)) ?? candidate.split };
    });
    take(source.layout, source.file, candidates);
  }
  if (is('voc')) {
    const typesOf = ({ file }: { file: string }): readonly string[] => types.get(file) ?? [];
    const candidates = await readVocMasks(walk, index, splits, typesOf, problems);
    if (candidates.length > 0) take('voc', candidates[0].labels!.file, candidates);
  }
  return { claims, problems, files };
}

async function* sources(
  walk: WalkResult,
  index: PictureIndex,
  is: (layout: ReadableLayout) => boolean,
  problems: ImportProblem[],
  signal: AbortSignal | undefined,
): AsyncGenerator<LabelSource> {
  const json = is('coco') || is('labelme') || is('label-studio');
  const xml = is('cvat') || is('voc');
  for (const entry of walk.files) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    if (!(json && /\.json$/i.test(entry.file)) && !(xml && /\.xml$/i.test(entry.file))) continue;
    const source = await readLabelSource(entry, problems);
    if (source !== null && is(source.layout)) yield source;
  }
  if (is('yolo')) yield* await readYoloSources(walk, index, problems);
}
