// The log of what was done to a workspace.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { json, path } from '../fields.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 of 64 hex digits');
/** How many entries there are and the hash of the last. */
export const auditHead = z.strictObject({ entries: z.int().min(0), hash });

export const auditMethods = {
  /** The entries, oldest first; `last` takes so many of the end. */
  list: oc.input(z.strictObject({ last: z.int().min(1).max(1_000_000).optional() })).output(
    z.strictObject({
      total: z.int(),
      entries: z.array(z.strictObject({ seq: z.int(), time: z.int(), event: json, hash })),
    }),
  ),

  /**
   * Checks the chain of hashes and its end, also against a head that was noted or one in a backup. What does not hold is
   * thrown as `corrupt`.
   */
  verify: oc
    .input(z.strictObject({ noted: auditHead.optional(), backup: path.optional() }))
    .output(z.strictObject({ ...auditHead.shape, since: z.int().nullable() })),
};
