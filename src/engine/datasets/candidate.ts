// What a layout says about a file, before the file is opened.

import type {
  ImageRole,
  ImageSplit,
  ImportProblem,
  ReadableLayout,
} from '../../core/domain/import-report.ts';
import type { AnnotatedPicture } from '../../core/formats/annotations/model.ts';
import type { WalkedFile } from './walk.ts';

/** Marks of a picture out of an annotation file. */
export interface Labels {
  readonly layout: ReadableLayout;
  /** The annotation file, relative to the source. */
  readonly file: string;
  readonly picture: AnnotatedPicture;
  /** Where mask pictures that its shapes name lie. */
  readonly maskFiles: ReadonlyMap<string, string>;
}

export interface Candidate extends WalkedFile {
  readonly role: ImageRole;
  readonly split: ImageSplit | null;
  readonly type: string | null;
  readonly mask: WalkedFile | null;
  /** Instead of `type` and `mask`: outlines, boxes and so on, maybe of several types. */
  readonly labels?: Labels;
  /** Said of the picture once it was read; null where there is nothing to say. */
  readonly remark: { readonly message: string; readonly hint: string } | null;
}

export interface LayoutReading {
  readonly candidates: Candidate[];
  readonly problems: ImportProblem[];
}

/** A remark of a layout about a file or folder. */
export function layoutWarning(file: string, message: string, hint: string): ImportProblem {
  return { file, code: 'bad-dataset', level: 'warn', message, hint };
}

/** A file that is left out, although nothing is wrong with the rest. */
export function layoutSkip(file: string, message: string, hint: string): ImportProblem {
  return { ...layoutWarning(file, message, hint), action: 'skipped' };
}

/** A file whose labels cannot be used. */
export function layoutRefusal(file: string, message: string, hint: string): ImportProblem {
  return { file, code: 'bad-dataset', level: 'reject', message, hint };
}

/** One remark per folder whose files were left out. */
export function leftOut(files: readonly string[], why: string, hint: string): ImportProblem[] {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(folderOf(file) || '.', (counts.get(folderOf(file) || '.') ?? 0) + 1);
  return [...counts].map(([folder, n]) =>
    layoutSkip(folder, `${n} picture${n === 1 ? '' : 's'} left out: ${why}`, hint),
  );
}

/** Folder of a relative path; '' for files of the source itself. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}
