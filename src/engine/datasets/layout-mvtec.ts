// The MVTec layout: PRODUCT/train/good, PRODUCT/test/{good,TYPE}, PRODUCT/ground_truth/TYPE/NAME_mask.png; and what
// our exports add for generated defects: PRODUCT/synthetic/TYPE, PRODUCT/synthetic_ground_truth/TYPE.

import type { Candidate, LayoutReading } from './candidate.ts';
import { layoutSkip, leftOut } from './candidate.ts';
import { isGoodName, mayBePicture, splitOf, stemOf, withoutMaskSuffix } from './folder-words.ts';
import type { WalkedFile, WalkResult } from './walk.ts';

/** Generated defects: beside train and test, where readers of the original neither train nor test on them. */
export const SYNTHETIC = 'synthetic';
const MASKS = 'ground_truth';

/** Folder of the masks that belong to the pictures of a top folder. */
export const maskFolderOf = (top: string) =>
  top.toLowerCase() === SYNTHETIC ? `${SYNTHETIC}_${MASKS}` : MASKS;

/** What a top folder says about the split; null where it holds no pictures. */
export const mvtecSplit = (top: string) => (top.toLowerCase() === SYNTHETIC ? 'train' : splitOf(top));

/** Folders that are a product in MVTec layout: '' for the source itself, else its direct subfolders. */
export function mvtecProducts(walk: WalkResult): string[] {
  const folders = new Set(walk.folders.map((f) => f.toLowerCase()));
  const isProduct = (prefix: string): boolean => {
    const has = (name: string): boolean =>
      folders.has((prefix === '' ? name : `${prefix}/${name}`).toLowerCase());
    return (
      (has('train/good') && (has('test') || has('ground_truth'))) ||
      (has('test') && has('ground_truth')) ||
      (has(SYNTHETIC) && has(maskFolderOf(SYNTHETIC)))
    );
  };
  if (isProduct('')) return [''];
  return walk.folders.filter((f) => !f.includes('/') && isProduct(f));
}

/** Reads the product below `prefix` ('' or 'NAME'). Pictures that are labelled in another way are not called strange. */
export function readMvtec(
  walk: WalkResult,
  prefix: string,
  labelled: ReadonlySet<string> = new Set(),
): LayoutReading {
  const within = prefix === '' ? '' : `${prefix}/`;
  const pictures: { entry: WalkedFile; parts: string[] }[] = [];
  const masks = new Map<string, WalkedFile>();
  const strange: string[] = [];
  const reading: LayoutReading = { candidates: [], problems: [] };
  for (const entry of walk.files) {
    if (!entry.file.startsWith(within) || !mayBePicture(entry.file)) continue;
    const parts = entry.file.slice(within.length).split('/');
    const top = parts[0].toLowerCase();
    if (parts.length === 3 && [MASKS, `${SYNTHETIC}_${MASKS}`].includes(top))
      addMask(masks, entry, parts, reading);
    else if (parts.length === 3 && mvtecSplit(top) !== null) pictures.push({ entry, parts });
    else if (!labelled.has(entry.file)) strange.push(entry.file);
  }
  for (const { entry, parts } of pictures) reading.candidates.push(candidateOf(entry, parts, masks));
  for (const mask of masks.values()) {
    reading.problems.push(
      layoutSkip(
        mask.file,
        'a mask without a picture, left out',
        'Name it after its picture: NAME_mask.png.',
      ),
    );
  }
  const hint = 'Move them to train/good, test/good or test/TYPE if they belong to the product.';
  for (const problem of leftOut(strange, 'the folder is not part of the MVTec layout', hint))
    reading.problems.push(problem);
  return reading;
}

function keyOf(folder: string, type: string, stem: string): string {
  return `${folder.toLowerCase()}/${type.toLowerCase()}/${stem}`;
}

function addMask(
  masks: Map<string, WalkedFile>,
  entry: WalkedFile,
  [folder, type]: readonly string[],
  reading: LayoutReading,
): void {
  const stem = stemOf(entry.file);
  const key = keyOf(folder, type, withoutMaskSuffix(stem) ?? stem);
  const first = masks.get(key);
  if (first === undefined) {
    masks.set(key, entry);
    return;
  }
  const hint = 'Keep one mask per picture.';
  reading.problems.push(
    layoutSkip(entry.file, `a second mask of the picture of ${first.file}, left out`, hint),
  );
}

/** Takes its mask out of `masks`, so that what remains has no picture. */
function candidateOf(entry: WalkedFile, parts: string[], masks: Map<string, WalkedFile>): Candidate {
  const split = mvtecSplit(parts[0]);
  const type = parts[1];
  if (isGoodName(type)) return { ...entry, role: 'normal', split, type: null, mask: null, remark: null };
  const key = keyOf(maskFolderOf(parts[0]), type, stemOf(entry.file));
  const mask = masks.get(key) ?? null;
  masks.delete(key);
  if (mask !== null) return { ...entry, role: 'defect', split, type, mask, remark: null };
  const hint = `Put its mask into ${maskFolderOf(parts[0])}/${type} as ${stemOf(entry.file)}_mask.png, or label it in the workbench.`;
  return {
    ...entry,
    role: 'unlabelled',
    split,
    type,
    mask: null,
    remark: { message: 'has no mask; taken as unlabelled', hint },
  };
}
