// Collects what a reader finds, and turns what it refuses into notes about the picture.

import { AppError } from '../../base/errors.ts';
import { printable } from './json.ts';
import type { AnnotatedObject, AnnotatedPicture, AnnotationNote, AnnotationSet, Shape } from './model.ts';
import { pictureName } from './picture-name.ts';

const LEFT_OUT = 'Correct it in the annotation program and export again.';

export class Collector {
  private readonly notes: AnnotationNote[] = [];
  private readonly pictures: AnnotatedPicture[] = [];
  private readonly lost = new Set<string>();

  warn(picture: string | null, message: string, hint = LEFT_OUT): void {
    this.notes.push({ level: 'warn', picture, message, hint });
  }

  reject(picture: string | null, message: string, hint = LEFT_OUT): void {
    if (picture !== null) this.lost.add(picture);
    this.notes.push({ level: 'reject', picture, message, hint });
  }

  /** The picture's name made plain, or null after saying why it is refused. */
  name(raw: string | null, where: string): string | null {
    const checked = raw === null ? { problem: 'no picture' } : pictureName(raw);
    if ('name' in checked) return checked.name;
    const shown = raw === null ? '' : ` ("${printable(raw)}")`;
    this.reject(
      null,
      `${where} names ${checked.problem}${shown}, refused`,
      'Pictures are named relative to the annotation file; export it next to its pictures.',
    );
    return null;
  }

  /** Reads one object; what is wrong with it refuses its picture. */
  object(
    picture: string,
    label: string,
    type: string,
    read: () => readonly Shape[],
    ignore = false,
  ): AnnotatedObject[] {
    try {
      return [{ type, shapes: read(), ignore, label }];
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      this.reject(picture, `${label} ${printable(cause.message, 200)}`, cause.details.hint);
      return [];
    }
  }

  add(picture: AnnotatedPicture): void {
    this.pictures.push(picture);
  }

  done(): AnnotationSet {
    return { pictures: this.pictures.filter((p) => !this.lost.has(p.file)), notes: this.notes };
  }
}

/** A file that is not what it should be: the message follows its name. */
export function notReadable(message: string): AppError {
  return new AppError('bad-dataset', message, { hint: 'Export the annotations again.' });
}
