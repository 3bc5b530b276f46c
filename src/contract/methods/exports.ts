// Carrying the result away, and checking that it arrived.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { name, path } from '../fields.ts';

export const FORMATS = ['mvtec', 'coco'] as const;
export const EXPORT_PARTS = ['both', 'generated', 'real'] as const;

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
    }),
  ),
};
