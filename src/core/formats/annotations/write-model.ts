// What annotation writers are given: labelled pictures of an export, and the files they make of them.

import type { Mask } from '../../image/raster.ts';
import type { AnnotatedSplit } from './model.ts';

/** A picture of an export with its masks. */
export interface LabelledPicture {
  /** File name without folder, unique within the export without its extension and case. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly split: AnnotatedSplit;
  /** Generated, not a photo. */
  readonly synthetic: boolean;
  /** At most one per type, none of them empty; nothing for good parts. */
  readonly masks: readonly TypedMask[];
}

export interface TypedMask {
  /** As the format shall call it: a line of text that XML, CSV and YAML can hold. */
  readonly type: string;
  readonly mask: Mask;
}

/** A picture of class or object numbers with the colours to show them in; index 0 is background. */
export interface IndexPicture {
  readonly width: number;
  readonly height: number;
  /** [H,W] */
  readonly data: Uint8Array;
  /** [256,3], 0..255. */
  readonly palette: Uint8Array;
}

/** A file of the export, with '/' in its path. */
export interface AnnotationFile {
  readonly file: string;
  readonly content: string | IndexPicture;
}

/** Takes pictures one by one, so that an export never holds all masks in memory. */
export interface AnnotationWriter {
  /** Files that belong to this picture alone. */
  add(picture: LabelledPicture): AnnotationFile[];
  /** Files about the whole set. */
  finish(): AnnotationFile[];
}

/** A file name without its extension. */
export function stemOfName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
