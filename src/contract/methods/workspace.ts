// Methods on the workspace as a whole.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { RUN_KINDS, RUN_STATES, type RunStateName } from '../../core/domain/run.ts';
import { stream } from '../events.ts';
import { ulid } from '../fields.ts';

const counts = z.strictObject({ accepted: z.int(), rejected: z.int(), undecided: z.int() });

const productInfo = z.strictObject({
  name: z.string(),
  normals: z.int(),
  unlabelled: z.int(),
  types: z.array(z.strictObject({ name: z.string(), pictures: z.int() })),
  /** Hash over pictures, masks and splits. */
  revision: z.string(),
  generated: counts,
});

const runInfo = z.strictObject({
  id: ulid,
  kind: z.enum(RUN_KINDS),
  product: z.string(),
  method: z.string(),
  state: z.enum(RUN_STATES as [RunStateName, ...RunStateName[]]),
  progress: z
    .strictObject({ phase: z.string(), done: z.number(), total: z.number(), note: z.string().nullable() })
    .nullable(),
  error: z.string().nullable(),
  createdAt: z.int(),
});

export const workspaceMethods = {
  /** Makes the workspace; one that exists is left as it is. */
  init: oc.input(z.strictObject({})).output(z.strictObject({ folder: z.string(), created: z.boolean() })),

  /** What is in it. */
  info: oc.input(z.strictObject({})).output(
    z.strictObject({
      folder: z.string(),
      schema: z.int(),
      engineVersion: z.string(),
      products: z.array(productInfo),
      runs: z.array(runInfo),
    }),
  ),

  /** Checks everything; `repair` mends what is safe to mend. Damage that stays is thrown as `corrupt`. */
  doctor: oc.input(z.strictObject({ repair: z.boolean() })).output(
    stream({
      healthy: z.boolean(),
      blobs: z.int(),
      notes: z.int(),
      repaired: z.int(),
      interruptedRuns: z.array(ulid),
    }),
  ),
};
