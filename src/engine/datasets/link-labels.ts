// Ties the marks of annotation files to the pictures of the folder.

import type { ImageSplit, ImportProblem } from '../../core/domain/import-report.ts';
import { printable } from '../../core/formats/annotations/json.ts';
import type { Candidate } from './candidate.ts';
import { folderOf, layoutRefusal, layoutSkip } from './candidate.ts';
import { splitOf } from './folder-words.ts';
import type { LabelSource } from './label-source.ts';
import type { PictureIndex } from './picture-index.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** One candidate per picture the source is about; what is missing or refused becomes a problem. */
export function linkLabels(source: LabelSource, index: PictureIndex, problems: ImportProblem[]): Candidate[] {
  const { file, layout, set } = source;
  const folder = folderOf(file);
  const candidates: Candidate[] = [];
  const missing: string[] = [];
  const unclear: string[] = [];
  for (const picture of set.pictures) {
    const found = index.find(folder, picture.file, source.stem);
    if ('entry' in found) {
      const labels = { layout, file, picture, maskFiles: NONE };
      const split = picture.split ?? splitOfPath(found.entry.file);
      const role = picture.objects.length === 0 ? 'normal' : 'defect';
      candidates.push({ ...found.entry, role, split, type: null, mask: null, labels, remark: null });
    } else if (found.missing === 'outside') {
      const message = `names a picture outside of the folder ("${printable(picture.file)}"), refused`;
      problems.push(layoutRefusal(file, message, 'Keep annotation files and pictures in one folder.'));
    } else (found.missing === 'absent' ? missing : unclear).push(picture.file);
  }
  for (const note of set.notes) {
    const about = note.picture === null ? file : nameFor(note.picture, source, index);
    const from = about === file ? '' : `${file}: `;
    problems.push({
      file: about,
      code: 'bad-dataset',
      level: note.level,
      message: `${from}${note.message}`,
      hint: note.hint,
    });
  }
  if (missing.length > 0) problems.push(absent(file, missing, set.pictures.length));
  if (unclear.length > 0) {
    const message = `${counted(unclear)} that occur in several folders; left out`;
    problems.push(layoutSkip(file, message, 'Put folder names before the names, or rename the pictures.'));
  }
  return candidates;
}

/** A set none of whose pictures is there is of no use; a few missing ones are left out. */
function absent(file: string, missing: readonly string[], all: number): ImportProblem {
  if (missing.length < all) {
    const message = `${counted(missing)} that are not in the folder; left out`;
    return layoutSkip(file, message, 'Copy the pictures beside it if they are wanted.');
  }
  return layoutRefusal(
    file,
    `${counted(missing)}, and none of them is in the folder`,
    'Copy the pictures into the folder, or remove the annotation file.',
  );
}

function counted(names: readonly string[]): string {
  const first = printable(names[0]);
  return names.length === 1
    ? `lists 1 picture ("${first}")`
    : `lists ${names.length} pictures ("${first}" ...)`;
}

function nameFor(picture: string, source: LabelSource, index: PictureIndex): string {
  const found = index.find(folderOf(source.file), picture, source.stem);
  return 'entry' in found ? found.entry.file : source.file;
}

/** The split that a picture's folders speak of. */
export function splitOfPath(file: string): ImageSplit | null {
  for (const folder of file.split('/').slice(0, -1)) {
    const split = splitOf(folder) ?? splitOf(folder.replace(/(?:19|20)\d\d$/, ''));
    if (split !== null) return split;
  }
  return null;
}
