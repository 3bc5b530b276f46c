// Deciding which generated pictures are good.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { PICTURE_FLAGS } from '../../core/domain/picture-flags.ts';
import { json, name, ulid } from '../fields.ts';

export const DECISIONS = ['accept', 'reject', 'reset'] as const;
export const STATUSES = ['accepted', 'rejected', 'undecided'] as const;

const byIds = z.strictObject({ ids: z.array(ulid).min(1).max(100_000) });

const byRule = z.strictObject({
  /** `flag` takes the pictures with that flag. */
  where: z.enum(['all', 'flagged', 'unflagged', 'flag']),
  flag: z.enum(PICTURE_FLAGS).optional(),
  product: name.optional(),
  run: ulid.optional(),
  /** Also pictures that were decided before. */
  redecide: z.boolean(),
});

export const reviewMethods = {
  decide: oc
    .input(
      z.strictObject({
        decision: z.enum(DECISIONS),
        reason: z.string().min(1).max(1000).optional(),
        select: z.union([
          byIds,
          byRule.refine(
            (rule) => (rule.where === 'flag') === (rule.flag !== undefined),
            'flag goes with where "flag"',
          ),
        ]),
      }),
    )
    .output(z.strictObject({ decided: z.int(), accepted: z.int(), rejected: z.int(), undecided: z.int() })),

  list: oc
    .input(
      z.strictObject({ product: name.optional(), run: ulid.optional(), status: z.enum(STATUSES).optional() }),
    )
    .output(
      z.strictObject({
        pictures: z.array(
          z.strictObject({
            id: ulid,
            runId: ulid,
            index: z.int(),
            generator: z.string(),
            type: z.string().nullable(),
            status: z.enum(STATUSES),
            flags: z.array(z.string()),
            checks: json,
          }),
        ),
      }),
    ),
};
