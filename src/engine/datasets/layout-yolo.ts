// YOLO: labels/NAME.txt beside images/NAME.png (or both in one folder), class names in data.yaml or classes.txt.

import { AppError } from '../../core/base/errors.ts';
import type { ImportProblem } from '../../core/domain/import-report.ts';
import { looksLikeYolo, readYolo } from '../../core/formats/annotations/yolo.ts';
import { namesOfLines, namesOfYaml } from '../../core/formats/annotations/yolo-names.ts';
import { MOST_TABLE_BYTES, readAnnotationText } from './annotation-text.ts';
import { folderOf, layoutRefusal, layoutSkip, layoutWarning } from './candidate.ts';
import { stemOf } from './folder-words.ts';
import type { LabelSource } from './label-source.ts';
import { splitOfPath } from './link-labels.ts';
import type { PictureIndex } from './picture-index.ts';
import type { WalkedFile, WalkResult } from './walk.ts';

const NAME_LISTS = /(?:^|\/)(?:classes\.txt|obj\.names|_darknet\.labels|labels\.txt)$/i;
const OTHER_TEXTS = /(?:^|\/)(?:labelmap|readme|license|licence|requirements)[^/]*\.txt$/i;

interface LabelText {
  readonly entry: WalkedFile;
  readonly text: string;
  readonly picture: WalkedFile | null;
}

/** One source per label file; empty where nothing looks like YOLO. */
export async function readYoloSources(
  walk: WalkResult,
  index: PictureIndex,
  problems: ImportProblem[],
): Promise<LabelSource[]> {
  const texts: LabelText[] = [];
  const notes: ImportProblem[] = [];
  for (const entry of walk.files) {
    if (!/\.txt$/i.test(entry.file) || NAME_LISTS.test(entry.file) || OTHER_TEXTS.test(entry.file)) continue;
    const picture = pictureOf(entry.file, index);
    const text = await textOf(entry, notes);
    if (text !== null && (picture !== null || looksLikeYolo(text))) texts.push({ entry, text, picture });
  }
  const names = await readNames(walk, notes);
  const known = names !== null && texts.some((t) => t.picture !== null);
  if (!known && !texts.some((t) => looksLikeYolo(t.text))) return [];
  for (const note of notes) problems.push(note);
  if (names === null) {
    const hint = 'Add data.yaml or classes.txt with the names of the classes.';
    problems.push(layoutWarning('.', 'no file tells the names of the classes; they are numbered', hint));
  }
  return texts.flatMap(({ entry, text, picture }) => {
    const set = readYolo(text, picture?.file ?? entry.file, names, splitOfPath(entry.file));
    // Names of pictures are paths from the source here, so the source stands at its top.
    if (picture !== null)
      return [{ layout: 'yolo', file: entry.file, set: atTop(set, entry.file), stem: null }];
    const broken = set.notes.find((note) => note.level === 'reject');
    const hint = 'Give the picture and its label file the same name.';
    if (broken === undefined)
      problems.push(layoutSkip(entry.file, 'labels without a picture, left out', hint));
    else
      problems.push(
        layoutRefusal(entry.file, `labels without a picture, and ${broken.message}`, broken.hint),
      );
    return [];
  });
}

/** Rewrites the picture's path as one seen from the label file's folder. */
function atTop(set: LabelSource['set'], file: string): LabelSource['set'] {
  const up = folderOf(file) === '' ? '' : '../'.repeat(folderOf(file).split('/').length);
  return {
    pictures: set.pictures.map((picture) => ({ ...picture, file: up + picture.file })),
    notes: set.notes.map((note) => ({ ...note, picture: note.picture === null ? null : up + note.picture })),
  };
}

/** Beside the label file, in images/ instead of labels/, or the only picture of that name. */
function pictureOf(file: string, index: PictureIndex): WalkedFile | null {
  const folder = folderOf(file);
  const parts = folder.split('/');
  const at = parts.findLastIndex((part) => /^labels?$/i.test(part));
  const beside = index.inFolder(folder, stemOf(file));
  if (beside !== undefined) return beside;
  if (at < 0) return null;
  for (const word of ['images', 'image', 'imgs', 'img']) {
    const found = index.inFolder(parts.with(at, word).join('/'), stemOf(file));
    if (found !== undefined) return found;
  }
  const same = index.ofStem(stemOf(file));
  return same.length === 1 ? same[0] : null;
}

async function readNames(walk: WalkResult, problems: ImportProblem[]): Promise<string[] | null> {
  for (const entry of walk.files) {
    if (!/\.ya?ml$/i.test(entry.file)) continue;
    const text = await textOf(entry, problems);
    const names = text === null ? null : namesOfYaml(text);
    if (names !== null) return names;
  }
  for (const entry of walk.files) {
    if (!NAME_LISTS.test(entry.file)) continue;
    const text = await textOf(entry, problems);
    if (text !== null && !looksLikeYolo(text) && text.trim() !== '') return namesOfLines(text);
  }
  return null;
}

/** Null for files that cannot be read as text; an empty file is an empty text. */
async function textOf(entry: WalkedFile, problems: ImportProblem[]): Promise<string | null> {
  try {
    return await readAnnotationText(entry, problems, MOST_TABLE_BYTES);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'bad-image')
      return /0 bytes/.test(cause.message) ? '' : null;
    throw cause;
  }
}
