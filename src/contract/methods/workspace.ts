// Methods on the workspace as a whole.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { RUN_KINDS, RUN_STATES, type RunStateName } from '../../core/domain/run.ts';
import { stream } from '../events.ts';
import { path, ulid } from '../fields.ts';
import { auditHead } from './audit.ts';

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
  /** Defect type of a generation run. */
  type: z.string().nullable(),
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

  /** Copies all of it into a new folder, or one file where the name ends in .tar; works beside a run. */
  backup: oc
    .input(z.strictObject({ out: path }))
    .output(stream({ out: z.string(), files: z.int(), bytes: z.number(), audit: auditHead })),

  /** Makes a workspace in a new folder of a backup; what is damaged is thrown as `corrupt` and nothing is kept. */
  restore: oc.input(z.strictObject({ from: path, to: path })).output(
    stream({
      folder: z.string(),
      files: z.int(),
      bytes: z.number(),
      /** When the backup was made, ms since 1970. */
      madeAt: z.int(),
      audit: auditHead,
    }),
  ),
};
