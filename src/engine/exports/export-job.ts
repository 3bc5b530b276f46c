// What an export is asked to write: plain data, free of the database.

import type { ImageSplit } from '../../core/domain/import-report.ts';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';

/** Name of the type that good parts have in an export. */
export const GOOD = 'good';

/** An imported file: its name as imported and the SHA-256 of its bytes. */
export interface SourceRef {
  readonly file: string;
  readonly sha256: string;
}

export interface GeneratedItem {
  readonly id: string;
  /** Defect type, or `good` for generated normals. */
  readonly type: string;
  /** PNG bytes, or the path of a PNG file. */
  readonly imagePng: Uint8Array | string;
  /** null for normals only. */
  readonly maskPng: Uint8Array | string | null;
  /** The picture it was painted into; null where there is none. */
  readonly source: SourceRef | null;
  /** The picture a whole-picture method started from (`seas`); pixels need not agree with it. */
  readonly reference?: SourceRef;
  readonly generator: string;
  /** `box`: the mask holds the defect and good pixels around it. */
  readonly label?: 'mask' | 'box';
  readonly seed: number;
  readonly recipe: unknown;
  /** Pixels changed outside the mask grown by `grownBy`; null where nothing is claimed. */
  readonly outside: { readonly changed: number; readonly grownBy: number } | null;
  readonly agreement: { readonly changedInMask: number; readonly contrast: number } | null;
}

export interface RealItem {
  /** Name as imported. */
  readonly file: string;
  readonly absPath: string;
  readonly maskAbsPath: string | null;
  /** Defect type, or `good`. */
  readonly type: string;
  readonly split: ImageSplit | null;
  readonly sha256: string;
}

/** A base pack that drew generated pictures, and what its own files say about its licence. */
export interface BaseModel {
  readonly name: string;
  /** SHA-256 over its content. */
  readonly hash: string;
  readonly licence: string;
}

export interface ExportJob {
  /** Folder to create; must not exist, its parent must. */
  readonly out: string;
  readonly format: ExportFormat;
  readonly product: string;
  readonly generated: readonly GeneratedItem[];
  readonly real: readonly RealItem[];
  readonly models?: readonly BaseModel[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, at: ExportProgress) => void;
  /** Awaited between files: resolves when the export may go on. */
  readonly turn?: () => Promise<void>;
}

export interface ExportProgress {
  /** Writing, reading again from the drive, reading as a dataset; each begins at 0. */
  readonly phase: 'write' | 'check' | 'read';
  /** Bytes of this phase so far. */
  readonly bytes: number;
}
