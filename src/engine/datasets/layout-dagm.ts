// DAGM-like sets: CLASS/{Train,Test}/0001.PNG with CLASS/{Train,Test}/Label/0001_label.PNG for defects, Labels.txt beside.

import type { ImportProblem } from '../../core/domain/import-report.ts';
import { UNNAMED_TYPE } from '../../core/formats/annotations/type-name.ts';
import { MOST_TABLE_BYTES, readAnnotationText } from './annotation-text.ts';
import type { Candidate, LayoutReading } from './candidate.ts';
import { folderOf, layoutSkip, leftOut } from './candidate.ts';
import { mayBePicture, splitOf, stemOf, withoutMaskSuffix } from './folder-words.ts';
import type { WalkedFile, WalkResult } from './walk.ts';

/** Folders with Train/Label or Test/Label in them, where the labels are pictures named NAME_label. */
export function dagmProducts(walk: WalkResult): string[] {
  const products = new Set<string>();
  for (const { file } of walk.files) {
    const folder = folderOf(file);
    if (!/(?:^|\/)(?:train|test)\/label$/i.test(folder) || !/_label$/i.test(stemOf(file))) continue;
    products.add(folderOf(folderOf(folder)));
  }
  return [...products];
}

/** Reads the product below `prefix`. A picture without a label picture has no defect, as in DAGM, unless Labels.txt objects. */
export async function readDagm(walk: WalkResult, prefix: string): Promise<LayoutReading> {
  const within = prefix === '' ? '' : `${prefix}/`;
  const reading: LayoutReading = { candidates: [], problems: [] };
  const pictures: WalkedFile[] = [];
  const masks = new Map<string, WalkedFile>();
  const strange: string[] = [];
  const lists: WalkedFile[] = [];
  for (const entry of walk.files) {
    if (!entry.file.startsWith(within)) continue;
    const parts = entry.file.slice(within.length).split('/');
    const inSplit = splitOf(parts[0]) !== null;
    const inLabel = parts.length === 3 && inSplit && /^label$/i.test(parts[1]);
    if (inLabel && /^labels\.txt$/i.test(parts[2])) lists.push(entry);
    else if (!mayBePicture(entry.file)) continue;
    else if (inLabel)
      masks.set(keyOf(parts[0], withoutMaskSuffix(stemOf(entry.file)) ?? stemOf(entry.file)), entry);
    else if (parts.length === 2 && inSplit) pictures.push(entry);
    else strange.push(entry.file);
  }
  const listed = await readLists(lists, within, reading.problems);
  for (const entry of pictures) {
    const folder = entry.file.slice(within.length).split('/')[0];
    const key = keyOf(folder, stemOf(entry.file));
    reading.candidates.push(candidateOf(entry, folder, masks.get(key) ?? null, listed.get(key)));
    masks.delete(key);
  }
  for (const mask of masks.values()) {
    const hint = 'Name it after its picture: NAME_label.';
    reading.problems.push(layoutSkip(mask.file, 'a label without a picture, left out', hint));
  }
  const hint = 'Move them to Train or Test if they belong to the product.';
  for (const problem of leftOut(strange, 'the folder is not part of the DAGM layout', hint))
    reading.problems.push(problem);
  return reading;
}

function keyOf(folder: string, stem: string): string {
  return `${folder}/${stem}`.toLowerCase();
}

function candidateOf(
  entry: WalkedFile,
  folder: string,
  mask: WalkedFile | null,
  defect: boolean | undefined,
): Candidate {
  const split = splitOf(folder);
  if (mask !== null) return { ...entry, role: 'defect', split, type: UNNAMED_TYPE, mask, remark: null };
  if (defect !== true) return { ...entry, role: 'normal', split, type: null, mask: null, remark: null };
  const remark = {
    message: 'is listed as a defect but has no label picture; taken as unlabelled',
    hint: `Put the label into ${folder}/Label as ${stemOf(entry.file)}_label.`,
  };
  return { ...entry, role: 'unlabelled', split, type: UNNAMED_TYPE, mask: null, remark };
}

/** Whether a picture is a defect, by key: lines `NUMBER  0|1  PICTURE  0  LABEL or 0`; other lines are passed over. */
async function readLists(
  lists: readonly WalkedFile[],
  within: string,
  problems: ImportProblem[],
): Promise<Map<string, boolean>> {
  const defects = new Map<string, boolean>();
  for (const entry of lists) {
    const folder = entry.file.slice(within.length).split('/')[0];
    const text = await readAnnotationText(entry, problems, MOST_TABLE_BYTES).catch(() => '');
    for (const line of text.split(/\r?\n/)) {
      const cells = line.trim().split(/\s+/);
      if (cells.length < 3 || !/^[01]$/.test(cells[1])) continue;
      defects.set(keyOf(folder, stemOf(cells[2])), cells[1] === '1');
    }
  }
  return defects;
}
