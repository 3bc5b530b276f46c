// Bringing pictures in.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { READABLE_LAYOUTS } from '../../core/domain/import-report.ts';
import { stream } from '../events.ts';
import { name, path, seed } from '../fields.ts';

export const LAYOUTS = ['auto', ...READABLE_LAYOUTS] as const;

export const datasetMethods = {
  /** Renders the product that Flawsmith brings along and imports it. */
  sample: oc
    .input(z.strictObject({ seed }))
    .output(stream({ product: z.string(), added: z.int(), unchanged: z.int() })),

  /**
   * Reads a folder and, unless `dryRun`, stores all of it in one step. A file that cannot be used stops the import
   * unless `skipBad` leaves such files out. The source is only read.
   */
  import: oc
    .input(
      z.strictObject({
        source: path,
        layout: z.enum(LAYOUTS),
        dryRun: z.boolean(),
        skipBad: z.boolean(),
        product: name.optional(),
        /** Regular expression on the file's path that names the physical part. */
        groupBy: z.string().min(1).max(500).optional(),
      }),
    )
    .output(
      stream({
        dryRun: z.boolean(),
        layout: z.enum([...READABLE_LAYOUTS, 'mixed']),
        why: z.string(),
        product: z.string(),
        normals: z.int(),
        unlabelled: z.int(),
        types: z.array(z.strictObject({ name: z.string(), count: z.int() })),
        splits: z.array(
          z.strictObject({
            role: z.enum(['normal', 'defect', 'unlabelled']),
            type: z.string().nullable(),
            split: z.enum(['train', 'validation', 'test']).nullable(),
            pictures: z.int(),
          }),
        ),
        /** Pictures with a mask. */
        masks: z.int(),
        rejected: z.int(),
        warnings: z.int(),
        /** What is (or, on a dry run, would be) stored. */
        added: z.int(),
        changed: z.int(),
        unchanged: z.int(),
      }),
    ),
};
