// Pictures with masks beside them: images/ + masks/, NAME.png + NAME_mask.png, folders named good or by defect type.

import type { ImageSplit } from '../../core/domain/import-report.ts';
import { UNNAMED_TYPE } from '../../core/formats/annotations/type-name.ts';
import type { Candidate, LayoutReading } from './candidate.ts';
import { layoutSkip } from './candidate.ts';
import {
  isGoodName,
  isMaskFolder,
  isPictureFolder,
  mayBePicture,
  splitOf,
  stemOf,
  withoutMaskSuffix,
} from './folder-words.ts';
import type { WalkedFile, WalkResult } from './walk.ts';

interface Place {
  readonly entry: WalkedFile;
  /** Folders without the words images and masks. */
  readonly folders: string[];
  readonly stem: string;
}

/** How many masks the rules find; 0 means that the folder is not laid out like this. */
export function countMasks(walk: WalkResult): number {
  return sortOut(walk).masks.length;
}

/**
 * Pairs pictures and masks: same folders (leaving out images/ and masks/) and same stem; where that finds nothing,
 * the same stem if only one mask has it. Unpaired pictures are normal in good/, else unlabelled.
 */
export function readImageMask(walk: WalkResult): LayoutReading {
  const { pictures, masks } = sortOut(walk);
  const reading: LayoutReading = { candidates: [], problems: [] };
  const byKey = new Map<string, Place>();
  const byStem = new Map<string, Place[]>();
  for (const mask of masks) {
    const first = byKey.get(keyOf(mask));
    if (first !== undefined) {
      const message = `a second mask beside ${first.entry.file}, left out`;
      reading.problems.push(layoutSkip(mask.entry.file, message, 'Keep one mask per picture.'));
      continue;
    }
    byKey.set(keyOf(mask), mask);
    byStem.set(mask.stem, [...(byStem.get(mask.stem) ?? []), mask]);
  }
  const pictureStems = new Map<string, number>();
  for (const p of pictures) pictureStems.set(p.stem, (pictureStems.get(p.stem) ?? 0) + 1);
  const used = new Set<Place>();
  for (const picture of pictures) {
    const alone = pictureStems.get(picture.stem) === 1 ? byStem.get(picture.stem) : undefined;
    const mask = byKey.get(keyOf(picture)) ?? (alone?.length === 1 ? alone[0] : undefined);
    if (mask !== undefined) used.add(mask);
    reading.candidates.push(candidateOf(picture, mask));
  }
  for (const mask of byKey.values()) {
    if (used.has(mask)) continue;
    const message = 'a mask without a picture, left out';
    reading.problems.push(
      layoutSkip(mask.entry.file, message, 'Give the picture and its mask the same name.'),
    );
  }
  return reading;
}

function keyOf(place: Place): string {
  return [...place.folders.map((f) => f.toLowerCase()), place.stem].join('/');
}

/** Tells pictures from masks by folder and name. */
function sortOut(walk: WalkResult): { pictures: Place[]; masks: Place[] } {
  const files = walk.files.filter((f) => mayBePicture(f.file));
  const stems = new Set(files.map((f) => withoutExtension(f.file)));
  const pictures: Place[] = [];
  const masks: Place[] = [];
  for (const entry of files) {
    const all = entry.file.split('/').slice(0, -1);
    const stem = stemOf(entry.file);
    const bare = withoutMaskSuffix(stem);
    const folders = all.filter((f) => !isMaskFolder(f) && !isPictureFolder(f));
    const beside = bare !== null && (/mask$/i.test(stem) || stems.has([...all, bare].join('/')));
    if (beside || all.some(isMaskFolder)) masks.push({ entry, folders, stem: bare ?? stem });
    else pictures.push({ entry, folders, stem });
  }
  return { pictures, masks };
}

function withoutExtension(file: string): string {
  const slash = file.lastIndexOf('/');
  return file.slice(0, slash + 1) + stemOf(file);
}

function candidateOf(picture: Place, mask: Place | undefined): Candidate {
  const { entry, folders } = picture;
  const split = folders.map(splitOf).find((s): s is ImageSplit => s !== null) ?? null;
  const maskFile = mask?.entry ?? null;
  if (folders.some(isGoodName))
    return { ...entry, role: 'normal', split, type: null, mask: maskFile, remark: null };
  const named = folders.filter((f) => splitOf(f) === null).at(-1) ?? null;
  if (maskFile !== null)
    return { ...entry, role: 'defect', split, type: named ?? UNNAMED_TYPE, mask: maskFile, remark: null };
  const hint = 'Put it into a folder named good if the part is good, or add its mask.';
  const message = 'has no mask and is in no folder of good parts; taken as unlabelled';
  return { ...entry, role: 'unlabelled', split, type: named, mask: null, remark: { message, hint } };
}
