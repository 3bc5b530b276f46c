// Annotation files by what they are: their marks, and what is wrong with them.

import { AppError } from '../../core/base/errors.ts';
import type { ImageSplit, ImportProblem, ReadableLayout } from '../../core/domain/import-report.ts';
import { isCoco, readCoco } from '../../core/formats/annotations/coco.ts';
import { readCvat } from '../../core/formats/annotations/cvat.ts';
import { parseAnnotationJson } from '../../core/formats/annotations/json.ts';
import { isLabelStudio, readLabelStudio } from '../../core/formats/annotations/label-studio.ts';
import { isLabelMe, readLabelMe } from '../../core/formats/annotations/labelme.ts';
import type { AnnotationSet } from '../../core/formats/annotations/model.ts';
import { readVoc } from '../../core/formats/annotations/voc.ts';
import { readAnnotationText } from './annotation-text.ts';
import { layoutRefusal, layoutWarning } from './candidate.ts';
import { stemOf } from './folder-words.ts';
import type { WalkedFile } from './walk.ts';

export interface LabelSource {
  readonly layout: ReadableLayout;
  readonly file: string;
  readonly set: AnnotationSet;
  /** Stem of the picture, for formats with one file per picture. */
  readonly stem: string | null;
}

const WORD = /(?:^|[^a-z])(train|test|val|valid|validation)(?![a-z])/i;

/** The split that a file's name speaks of, such as instances_train2017.json. */
export function splitOfName(file: string): ImageSplit | null {
  const found = WORD.exec(stemOf(file))?.[1].toLowerCase();
  if (found === undefined) return null;
  return found === 'train' || found === 'test' ? found : 'validation';
}

/** JSON and XML files of known formats; others are left alone. Damaged ones become problems. */
export async function readLabelSource(
  entry: WalkedFile,
  problems: ImportProblem[],
): Promise<LabelSource | null> {
  const notes: ImportProblem[] = [];
  try {
    const text = await readAnnotationText(entry, notes);
    const source = /\.xml$/i.test(entry.file) ? fromXml(entry.file, text) : fromJson(entry.file, text);
    if (source !== null) problems.push(...notes);
    return source;
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'cancelled') throw cause;
    const name = entry.file.slice(entry.file.lastIndexOf('/') + 1);
    const message = cause.details.file === undefined ? `${name} ${cause.message}` : cause.message;
    const say = cause.details.reason === 'no-access' ? layoutWarning : layoutRefusal;
    problems.push(say(entry.file, message, cause.details.hint ?? 'Export the annotations again.'));
    return null;
  }
}

function fromJson(file: string, text: string): LabelSource | null {
  const json = parseAnnotationJson(text);
  const split = splitOfName(file);
  const stem = stemOf(file);
  if (isLabelMe(json)) return { layout: 'labelme', file, set: readLabelMe(json), stem };
  if (isCoco(json)) return { layout: 'coco', file, set: readCoco(json, split), stem: null };
  if (isLabelStudio(json)) return { layout: 'label-studio', file, set: readLabelStudio(json), stem: null };
  return null;
}

function fromXml(file: string, text: string): LabelSource | null {
  const root = /^(?:\s|<\?[^>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>)*<([\w:.-]+)/.exec(
    text.slice(0, 65536),
  )?.[1];
  if (root === 'annotations') return { layout: 'cvat', file, set: readCvat(text), stem: null };
  if (root === 'annotation') return { layout: 'voc', file, set: readVoc(text), stem: stemOf(file) };
  return null;
}
