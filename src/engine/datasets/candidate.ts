// What a layout says about a file, before the file is opened.

import type { ImageRole, ImageSplit, ImportProblem } from '../../core/domain/import-report.ts';
import type { WalkedFile } from './walk.ts';

export interface Candidate extends WalkedFile {
  readonly role: ImageRole;
  readonly split: ImageSplit | null;
  readonly type: string | null;
  readonly mask: WalkedFile | null;
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

/** One remark per folder whose files were left out. */
export function leftOut(files: readonly string[], why: string, hint: string): ImportProblem[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const slash = file.lastIndexOf('/');
    const folder = slash < 0 ? '.' : file.slice(0, slash);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([folder, n]) =>
    layoutWarning(folder, `${n} picture${n === 1 ? '' : 's'} left out: ${why}`, hint),
  );
}
