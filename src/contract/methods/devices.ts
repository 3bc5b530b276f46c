// What can compute here.

import { oc } from '@orpc/contract';
import * as z from 'zod';

export const deviceMethods = {
  list: oc.input(z.strictObject({})).output(
    z.strictObject({
      devices: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          kind: z.enum(['cpu', 'gpu']),
          threads: z.int().nullable(),
          memoryBytes: z.number().nullable(),
          /** Whether runs use it where no device is asked for. */
          chosen: z.boolean(),
          usable: z.boolean(),
          note: z.string().nullable(),
        }),
      ),
      runtimeVersion: z.string(),
    }),
  ),
};
