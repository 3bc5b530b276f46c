// What an import found, before anything is stored: the pictures it would take and everything it would not.

import type { ErrorCode } from '../base/errors.ts';

/** Arrangements of pictures and labels that can be read, by the names users give them. */
export const READABLE_LAYOUTS = [
  'mvtec',
  'visa',
  'dagm',
  'image-mask',
  'coco',
  'yolo',
  'labelme',
  'voc',
  'cvat',
  'label-studio',
] as const;
export type ReadableLayout = (typeof READABLE_LAYOUTS)[number];

/** How a source folder is laid out; `mixed` where labels come in more than one way. */
export type ImportLayout = ReadableLayout | 'mixed';

/** What a picture shows: a good part, a defect whose mask is known, or a picture nobody has labelled. */
export type ImageRole = 'normal' | 'defect' | 'unlabelled';

export type ImageSplit = 'train' | 'test' | 'validation';

/**
 * One picture that can be imported, with one defect type: a picture with defects of several types has an item for each.
 * It was read and decoded in full; its mask, where there is one, fits it.
 */
export interface ImportItem {
  /** Path relative to the source folder, with '/'. */
  file: string;
  absPath: string;
  role: ImageRole;
  split: ImageSplit | null;
  /** Defect type; null for normal pictures, and for unlabelled ones in no type's folder. */
  type: string | null;
  /** File the mask comes from: a mask picture, or the annotation file with its outlines. */
  maskFile: string | null;
  /** The mask picture; null where there is none, or where `maskPng` makes it. */
  maskAbsPath: string | null;
  /** Draws the mask of an annotation as PNG (0 and 255), the same bytes every time; null without annotation. */
  maskPng: (() => Promise<Uint8Array>) | null;
  /** SHA-256 of the file's bytes, lower-case hex. */
  sha256: string;
  /** Size as shown (EXIF orientation applied). */
  width: number;
  height: number;
  channels: number;
  /** Bits per channel in memory: 8 or 16. */
  bitDepth: number;
  maskAreaPx: number | null;
  /** Physical part, from `--group-by`; null where it is unknown. */
  group: string | null;
}

/** A file that was refused (`reject`) or taken with a remark (`warn`). */
export interface ImportProblem {
  file: string;
  code: ErrorCode;
  level: 'reject' | 'warn';
  message: string;
  hint: string;
  /** What becomes of the file; without it, `skipped` where it is refused, else `kept`. */
  action?: ProblemAction;
}

/**
 * `skipped`: left out. `repaired`: taken after it was put right, or read in the one sensible way. `asked`: the user
 * must decide. `kept`: taken as it is.
 */
export const PROBLEM_ACTIONS = ['skipped', 'repaired', 'asked', 'kept'] as const;
export type ProblemAction = (typeof PROBLEM_ACTIONS)[number];

export function actionOf({ action, level }: ImportProblem): ProblemAction {
  return action ?? (level === 'reject' ? 'skipped' : 'kept');
}

/** The whole outcome of a scan; nothing is imported until a person or a flag accepts it. */
export interface ImportReport {
  layout: ImportLayout;
  /** How the layout was recognised, as a sentence. */
  why: string;
  product: string;
  /** Sorted by file, by code point. */
  items: ImportItem[];
  problems: ImportProblem[];
  /** Pictures of role `defect` per type, sorted by name. */
  types: { name: string; count: number }[];
  normals: number;
}
