// Carrying the result away, and checking that it arrived.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { EXPORT_FORMATS } from '../../core/formats/annotations/export-formats.ts';
import { stream } from '../events.ts';
import { name, path, ulid } from '../fields.ts';

export const FORMATS = EXPORT_FORMATS;
export const EXPORT_PARTS = ['both', 'generated', 'real'] as const;
export const EXPORT_SPLITS = ['train', 'validation', 'test'] as const;

/** What goes into an export and how it is laid out. */
const contents = {
  format: z.enum(FORMATS),
  parts: z.enum(EXPORT_PARTS),
  /** Defect types to take; without it, all. Good parts always come along. */
  types: z.array(name).max(1000).optional(),
  /** Splits to take; without it, all. Generated pictures and those without a split count as train. */
  splits: z.array(z.enum(EXPORT_SPLITS)).min(1).max(3).optional(),
  product: name.optional(),
};

/** What our own importer makes of an export: the same types and splits, and so many masks with the same pixels. */
const readBack = z.strictObject({
  layout: z.string(),
  pictures: z.int(),
  masks: z.int(),
  exactMasks: z.int(),
  /** Smallest intersection over union of a mask with the one that was written; null without masks. */
  minIou: z.number().nullable(),
});

export type ReadBack = z.infer<typeof readBack>;

const drive = z.strictObject({
  /** Folder to begin with: the drive itself, or the user's own folder on it. */
  path: z.string(),
  /** Where the system shows it. */
  mount: z.string(),
  /** Its label; empty where it has none. */
  name: z.string(),
  /** As the system calls it, for example `vfat`, `NTFS`, `ext4`. */
  fileSystem: z.string(),
  freeBytes: z.number(),
  /** 0 where it is not known. */
  totalBytes: z.number(),
  /** A stick, card or drive that can be unplugged. */
  removable: z.boolean(),
  network: z.boolean(),
  writable: z.boolean(),
});

export const STOPS = [
  'nothing',
  'none-accepted',
  'no-mask',
  'bad-name',
  'no-folder',
  'not-writable',
  'exists',
  'in-workspace',
  'space',
  'file-size',
  'folder-size',
] as const;
export const WARNINGS = [
  'left-out',
  'holes',
  'several-types',
  'no-validation',
  'renamed',
  'long-path',
] as const;

const finding = z.strictObject({
  /** `stop`: the export would fail. */
  level: z.enum(['stop', 'warn']),
  code: z.enum([...STOPS, ...WARNINGS]),
  /** What it is about: a file, folder or name. */
  file: z.string().nullable(),
  /** What it would be called instead. */
  other: z.string().nullable(),
  /** How many or how large. */
  count: z.number().nullable(),
  /** Of how many, or the most that is possible. */
  limit: z.number().nullable(),
});

const earlier = z.strictObject({
  id: ulid,
  product: z.string(),
  format: z.enum(FORMATS),
  folder: z.string(),
  createdAt: z.int(),
  generated: z.int(),
  real: z.int(),
  files: z.int(),
  bytes: z.number(),
  /** Whether it lies there now. */
  there: z.boolean(),
  /** The last time it was verified after it was written. */
  checked: z.strictObject({ at: z.int(), ok: z.boolean(), problem: z.string().nullable() }).nullable(),
});

export const exportMethods = {
  /** Drives of this machine that can be written to, removable ones first. */
  drives: oc.input(z.strictObject({})).output(z.strictObject({ drives: z.array(drive) })),

  /** What an export into a new folder `name` in `parent` would meet. Nothing is written. */
  preflight: oc.input(z.strictObject({ ...contents, parent: path, name: z.string().max(1000) })).output(
    z.strictObject({
      out: z.string(),
      generated: z.int(),
      real: z.int(),
      bytes: z.number(),
      /** The drive it goes to, where it is known. */
      drive: drive.nullable(),
      findings: z.array(finding),
    }),
  ),

  /** Exports of this workspace, newest first. */
  list: oc
    .input(z.strictObject({ product: name.optional() }))
    .output(z.strictObject({ exports: z.array(earlier) })),

  /** Holds a running export, or lets it go on; `running` is false where none writes this folder. */
  hold: oc
    .input(z.strictObject({ out: path, hold: z.boolean() }))
    .output(z.strictObject({ running: z.boolean() })),

  /** Asks the system to unmount a removable drive; `gone` once the system says that it is. */
  eject: oc
    .input(z.strictObject({ mount: path }))
    .output(z.strictObject({ gone: z.boolean(), reason: z.string().nullable() })),

  /** Writes accepted and, unless told otherwise, real pictures; reads all of it back before it says done. */
  export: oc.input(z.strictObject({ ...contents, out: path })).output(
    stream({
      folder: z.string(),
      format: z.enum(FORMATS),
      files: z.int(),
      bytes: z.number(),
      generated: z.int(),
      real: z.int(),
      /** Every file was read again from the drive itself; false where the system may have answered from memory. */
      fromDrive: z.boolean(),
      readBack,
    }),
  ),

  /**
   * Compares every file of an export with its SHA256SUMS; differences are thrown as `verify-failed`. The outcome is noted
   * with `export`, one of this workspace's.
   */
  verify: oc.input(z.strictObject({ folder: path, export: ulid.optional() })).output(
    stream({
      folder: z.string(),
      files: z.int(),
      bytes: z.number(),
      /** Generated pictures compared with their source outside the edit region, and those whose source is not here. */
      outsideChecked: z.int(),
      outsideUnchecked: z.int(),
      readBack: readBack.nullable(),
    }),
  ),
};
