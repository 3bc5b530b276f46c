// The class pictures of Pascal VOC: SegmentationClass/NAME.png beside JPEGImages/NAME.jpg, one colour per type.

import type { ImageSplit, ImportProblem } from '../../core/domain/import-report.ts';
import type { AnnotatedObject } from '../../core/formats/annotations/model.ts';
import { readLabelMap, VOC_VOID, vocColour } from '../../core/formats/annotations/voc.ts';
import { readAnnotationText } from './annotation-text.ts';
import type { Candidate } from './candidate.ts';
import { folderOf, layoutSkip } from './candidate.ts';
import { mayBePicture, stemOf } from './folder-words.ts';
import { splitOfName } from './label-source.ts';
import type { PictureIndex } from './picture-index.ts';
import type { WalkedFile, WalkResult } from './walk.ts';

const CLASS_FOLDER = /(?:^|\/)SegmentationClass(?:PNG)?$/i;
const MASK_FOLDER = /(?:^|\/)Segmentation(?:Class|Object)(?:PNG|Visualization)?$/i;
const BACKGROUND = /^(?:_?background_?|void|__ignore__)$/i;
/** Class numbers tried where nothing names the colours. */
const UNNAMED_CLASSES = 20;

/** True for pictures in the folders of class and object pictures, which are no photos. */
export function isVocMask(file: string): boolean {
  return MASK_FOLDER.test(folderOf(file));
}

/** Splits by stem, from ImageSets/NAME/train.txt and the like. */
export async function vocSplits(
  walk: WalkResult,
  problems: ImportProblem[],
): Promise<Map<string, ImageSplit>> {
  const splits = new Map<string, ImageSplit>();
  for (const entry of walk.files) {
    if (!/(?:^|\/)ImageSets\/[^/]+\/(?:train|val|test)\.txt$/i.test(entry.file)) continue;
    const split = splitOfName(entry.file);
    if (split === null) continue;
    const text = await readAnnotationText(entry, problems).catch(() => '');
    for (const line of text.split(/\r?\n/))
      if (line.trim() !== '') splits.set(line.trim().split(/\s+/)[0], split);
  }
  return splits;
}

/**
 * One candidate per picture with a class picture. `typesOf` gives the types that a picture's boxes name: where no
 * labelmap.txt names the colours and there is one such type, every marked pixel is of it.
 */
export async function readVocMasks(
  walk: WalkResult,
  index: PictureIndex,
  splits: ReadonlyMap<string, ImageSplit>,
  typesOf: (picture: WalkedFile) => readonly string[],
  problems: ImportProblem[],
): Promise<Candidate[]> {
  const masks = walk.files.filter((f) => CLASS_FOLDER.test(folderOf(f.file)) && mayBePicture(f.file));
  if (masks.length === 0) return [];
  const colours = await readColours(walk, problems);
  const candidates: Candidate[] = [];
  for (const mask of masks) {
    const picture = pictureOf(mask, index);
    if (picture === null) {
      const hint = 'Give the picture in JPEGImages and its class picture the same name.';
      problems.push(layoutSkip(mask.file, 'a class picture without a picture, left out', hint));
      continue;
    }
    const objects = objectsOf(mask.file, colours, typesOf(picture));
    const annotated = { file: picture.file, width: null, height: null, split: null, objects };
    const maskFiles = new Map([[mask.file, mask.absPath]]);
    const labels = { layout: 'voc' as const, file: mask.file, picture: annotated, maskFiles };
    const split = splits.get(stemOf(picture.file)) ?? null;
    candidates.push({ ...picture, role: 'defect', split, type: null, mask: null, labels, remark: null });
  }
  return candidates;
}

function objectsOf(
  file: string,
  colours: ReadonlyMap<string, number> | null,
  types: readonly string[],
): AnnotatedObject[] {
  const object = (type: string, value: number | null, ignore = false): AnnotatedObject => ({
    type,
    shapes: [{ kind: 'file', file, value }],
    ignore,
    label: `the colour of ${type}`,
  });
  const unjudged = object('void', VOC_VOID, true);
  if (colours !== null) {
    const named = [...colours].filter(([name]) => !BACKGROUND.test(name));
    return [...named.map(([name, value]) => object(name, value)), unjudged];
  }
  const distinct = new Set(types);
  if (distinct.size === 1) return [object([...distinct][0], null), unjudged];
  const classes = Array.from({ length: UNNAMED_CLASSES }, (_, i) =>
    object(`class ${i + 1}`, vocColour(i + 1)),
  );
  return [...classes, unjudged];
}

async function readColours(
  walk: WalkResult,
  problems: ImportProblem[],
): Promise<ReadonlyMap<string, number> | null> {
  const entry = walk.files.find((f) => /(?:^|\/)labelmap\.txt$/i.test(f.file));
  const colours = entry === undefined ? null : readLabelMap(await readAnnotationText(entry, problems));
  if (colours !== null && colours.size > 0) return colours;
  const names = walk.files.find((f) => /(?:^|\/)class_names\.txt$/i.test(f.file));
  if (names === undefined) return null;
  const lines = (await readAnnotationText(names, problems)).split(/\r?\n/).map((line) => line.trim());
  const classes = lines.filter((line) => line !== '' && line !== '__ignore__');
  return new Map(classes.map((name, i) => [name, vocColour(i)]));
}

function pictureOf(mask: WalkedFile, index: PictureIndex): WalkedFile | null {
  const root = folderOf(folderOf(mask.file));
  const same = index.ofStem(stemOf(mask.file)).filter((entry) => !isVocMask(entry.file));
  const beside = same.filter((entry) => folderOf(folderOf(entry.file)) === root);
  if (beside.length === 1) return beside[0];
  return same.length === 1 ? same[0] : null;
}
