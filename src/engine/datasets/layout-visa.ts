// The VisA layout: PRODUCT/Data/Images/{Normal,Anomaly}, PRODUCT/Data/Masks/Anomaly, and tables of pictures and masks.

import type { ImageSplit, ImportProblem } from '../../core/domain/import-report.ts';
import { UNNAMED_TYPE } from '../../core/formats/annotations/type-name.ts';
import { isVisaTable, readVisaTable, type VisaRow } from '../../core/formats/annotations/visa.ts';
import { MOST_TABLE_BYTES, readAnnotationText } from './annotation-text.ts';
import type { Candidate, LayoutReading } from './candidate.ts';
import { folderOf, layoutRefusal, layoutSkip, layoutWarning } from './candidate.ts';
import { isGoodName, mayBePicture, stemOf, withoutMaskSuffix } from './folder-words.ts';
import { PictureIndex } from './picture-index.ts';
import type { WalkedFile, WalkResult } from './walk.ts';

export interface VisaTables {
  readonly tables: readonly { readonly file: string; readonly rows: readonly VisaRow[] }[];
  readonly problems: readonly ImportProblem[];
}

/** Folders that are a product: those with Data/Images in them. */
export function visaProducts(walk: WalkResult): string[] {
  const found = walk.folders.filter((f) => /(?:^|\/)Data\/Images$/i.test(f));
  return found.map((folder) => folderOf(folderOf(folder)));
}

/** Every table of the folder with the columns of VisA's. */
export async function readVisaTables(walk: WalkResult): Promise<VisaTables> {
  const tables: { file: string; rows: readonly VisaRow[] }[] = [];
  const problems: ImportProblem[] = [];
  for (const entry of walk.files) {
    if (!/\.csv$/i.test(entry.file)) continue;
    const notes: ImportProblem[] = [];
    const text = await readAnnotationText(entry, notes, MOST_TABLE_BYTES).catch(() => '');
    if (!isVisaTable(text)) continue;
    const { rows, notes: said } = readVisaTable(text);
    tables.push({ file: entry.file, rows });
    problems.push(...notes);
    for (const { level, message, hint } of said) {
      problems.push((level === 'reject' ? layoutRefusal : layoutWarning)(entry.file, message, hint));
    }
  }
  return { tables, problems };
}

/** Reads the product below `prefix` ('' is the source itself); rows of other products are passed over. */
export function readVisa(walk: WalkResult, prefix: string, { tables, problems }: VisaTables): LayoutReading {
  const within = prefix === '' ? '' : `${prefix}/`;
  const inside = walk.files.filter((f) => f.file.startsWith(within) && mayBePicture(f.file));
  const isMask = (file: string): boolean => /(?:^|\/)masks?\//i.test(file.slice(within.length));
  const pictures = new PictureIndex(inside, (file) => !isMask(file));
  const masks = new PictureIndex(inside, isMask);
  const reading: LayoutReading = { candidates: [], problems: [...problems] };
  const facts = new Map<string, Facts>();
  const products = visaProducts(walk);
  for (const { file, rows } of tables) {
    let missing = 0;
    for (const row of rows) {
      const other = prefix !== '' && isOfOther(row.image, prefix, products);
      const found = other ? null : pictures.find(folderOf(file), row.image);
      if (found !== null && 'entry' in found) addFacts(facts, found.entry, row);
      else if (found !== null && found.missing === 'outside') {
        const hint = 'Keep the table beside the folders it names.';
        reading.problems.push(layoutRefusal(file, 'names a picture outside of the folder, refused', hint));
      } else if (found !== null) missing++;
    }
    if (missing > 0) {
      const message = `lists ${missing} picture${missing === 1 ? '' : 's'} that are not in the folder; left out`;
      reading.problems.push(layoutSkip(file, message, 'Copy them beside it if they are wanted.'));
    }
  }
  for (const entry of inside) {
    if (!isMask(entry.file))
      reading.candidates.push(candidateOf(entry, facts.get(entry.file), masks, within));
  }
  return reading;
}

/** What the tables together say about a picture. */
interface Facts {
  normal: boolean | null;
  type: string | null;
  mask: string | null;
  split: ImageSplit | null;
}

function addFacts(facts: Map<string, Facts>, entry: WalkedFile, row: VisaRow): void {
  const known = facts.get(entry.file) ?? { normal: null, type: null, mask: null, split: null };
  facts.set(entry.file, {
    normal: row.normal && known.normal !== false,
    type: row.type ?? known.type,
    mask: row.mask ?? known.mask,
    split: row.split ?? known.split,
  });
}

function isOfOther(image: string, prefix: string, products: readonly string[]): boolean {
  const own = prefix.slice(prefix.lastIndexOf('/') + 1);
  const first = image.split('/')[0];
  return first !== own && products.some((product) => product.slice(product.lastIndexOf('/') + 1) === first);
}

function candidateOf(
  entry: WalkedFile,
  facts: Facts | undefined,
  masks: PictureIndex,
  within: string,
): Candidate {
  const parent = folderOf(entry.file.slice(within.length)).split('/').at(-1) ?? '';
  const split = facts?.split ?? null;
  if (facts?.normal ?? isGoodName(parent))
    return { ...entry, role: 'normal', split, type: null, mask: null, remark: null };
  const mask = maskOf(entry, facts?.mask ?? null, masks, parent);
  if (mask !== null)
    return { ...entry, role: 'defect', split, type: facts?.type ?? UNNAMED_TYPE, mask, remark: null };
  const hint = 'Put its mask into Data/Masks/Anomaly under the same name.';
  const remark = { message: 'has no mask; taken as unlabelled', hint };
  return { ...entry, role: 'unlabelled', split, type: facts?.type ?? null, mask: null, remark };
}

function maskOf(
  entry: WalkedFile,
  named: string | null,
  masks: PictureIndex,
  parent: string,
): WalkedFile | null {
  if (named !== null) {
    const found = masks.find('', named);
    if ('entry' in found) return found.entry;
  }
  const same = [...masks.ofStem(stemOf(entry.file))].filter((mask) => {
    const bare = withoutMaskSuffix(stemOf(mask.file)) ?? stemOf(mask.file);
    return bare.toLowerCase() === stemOf(entry.file).toLowerCase();
  });
  const alike = same.filter((mask) => folderOf(mask.file).toLowerCase().endsWith(`/${parent.toLowerCase()}`));
  if (alike.length === 1) return alike[0];
  return same.length === 1 ? same[0] : null;
}
