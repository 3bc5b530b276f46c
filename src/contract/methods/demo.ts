// The whole way in one call: pictures in, checked export out.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { deviceChoice, json, path, seed, shots } from '../fields.ts';

export const demoMethods = {
  run: oc
    .input(
      z.strictObject({
        /** A folder in MVTec layout; without it, the product that Flawsmith renders itself. */
        data: path.optional(),
        shots,
        /** A folder that does not exist yet, or is empty. */
        out: path,
        seed,
        device: deviceChoice.optional(),
      }),
    )
    .output(
      stream({
        folder: z.string(),
        workspace: z.string(),
        export: z.string(),
        sheet: z.string(),
        seasSheet: z.string().nullable(),
        report: z.string(),
        pictures: z.int(),
        accepted: z.int(),
        numbers: json,
      }),
    ),
};
