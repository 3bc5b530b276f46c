// Carrying the result away, and checking that it arrived.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { EXPORT_FORMATS } from '../../core/formats/annotations/export-formats.ts';
import { stream } from '../events.ts';
import { name, path } from '../fields.ts';

export const FORMATS = EXPORT_FORMATS;
export const EXPORT_PARTS = ['both', 'generated', 'real'] as const;

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

export const exportMethods = {
  /** Writes accepted and, unless told otherwise, real pictures; reads all of it back before it says done. */
  export: oc
    .input(
      z.strictObject({
        format: z.enum(FORMATS),
        out: path,
        parts: z.enum(EXPORT_PARTS),
        product: name.optional(),
      }),
    )
    .output(
      stream({
        folder: z.string(),
        format: z.enum(FORMATS),
        files: z.int(),
        bytes: z.number(),
        generated: z.int(),
        real: z.int(),
        readBack,
      }),
    ),

  /** Compares every file of an export with its SHA256SUMS; differences are thrown as `verify-failed`. */
  verify: oc.input(z.strictObject({ folder: path })).output(
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
