// Bringing pictures in.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { name, path } from '../fields.ts';

export const LAYOUTS = ['auto', 'mvtec', 'image-mask'] as const;

export const datasetMethods = {
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
        layout: z.enum(['mvtec', 'image-mask']),
        why: z.string(),
        product: z.string(),
        normals: z.int(),
        unlabelled: z.int(),
        types: z.array(z.strictObject({ name: z.string(), count: z.int() })),
        rejected: z.int(),
        warnings: z.int(),
        /** What is (or, on a dry run, would be) stored. */
        added: z.int(),
        changed: z.int(),
        unchanged: z.int(),
      }),
    ),
};
