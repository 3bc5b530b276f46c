// Reads the text of an annotation file, bounded, in whatever encoding it has.

import type { ImportProblem } from '../../core/domain/import-report.ts';
import { decodeText } from '../../core/formats/annotations/text.ts';
import { readBounded } from '../imaging/index.ts';
import { layoutWarning } from './candidate.ts';
import type { WalkedFile } from './walk.ts';

const MEBIBYTE = 1024 * 1024;
/** A set with a million outlines stays below; parsing takes a few times as much memory. */
export const MOST_ANNOTATION_BYTES = 128 * MEBIBYTE;
/** Labels of one picture, tables of a set. */
export const MOST_TABLE_BYTES = 16 * MEBIBYTE;

/** Throws `bad-image` for files that are too large or unreadable; remarks on the encoding are appended. */
export async function readAnnotationText(
  entry: WalkedFile,
  problems: ImportProblem[],
  mostBytes = MOST_ANNOTATION_BYTES,
): Promise<string> {
  const bytes = await readBounded(entry.absPath, mostBytes, entry.file);
  const { text, note } = decodeText(bytes);
  if (note !== null) problems.push(layoutWarning(entry.file, note, 'Save it as UTF-8 to be safe.'));
  return text;
}
