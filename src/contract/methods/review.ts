// Deciding which generated pictures are good.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { PICTURE_FLAGS } from '../../core/domain/picture-flags.ts';
import { json, name, ulid } from '../fields.ts';
import { runLengthsInput } from './generation.ts';

export const DECISIONS = ['accept', 'reject', 'reset'] as const;
export const STATUSES = ['accepted', 'rejected', 'undecided'] as const;

export const ANSWERS = ['real', 'generated'] as const;

const rect = z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const reviewed = z.strictObject({
  id: ulid,
  runId: ulid,
  index: z.int(),
  generator: z.string(),
  type: z.string().nullable(),
  status: z.enum(STATUSES),
  /** Of the last decision. */
  reason: z.string().nullable(),
  flags: z.array(z.string()),
  checks: json,
  width: z.int(),
  height: z.int(),
  hasMask: z.boolean(),
  /** `box`: a weak label, the defect is somewhere inside the mask. */
  label: z.enum(['mask', 'box']),
  /** The good picture it was made from; a `reference` only started the sampling. */
  source: ulid.nullable(),
  sourceUse: z.enum(['source', 'reference']).nullable(),
  /** How often its mask was corrected. */
  repairs: z.int(),
  createdAt: z.int(),
});
export type ReviewedPicture = z.infer<typeof reviewed>;

/** What undo takes back next, and redo does again. */
const step = z
  .strictObject({
    seq: z.int(),
    kind: z.enum(['accept', 'reject', 'reset', 'replace', 'repair']),
    pictures: z.int(),
  })
  .nullable();
const steps = z.strictObject({ undo: step, redo: step });
export type ReviewSteps = z.infer<typeof steps>;
const moved = z.strictObject({ undo: step, redo: step, changed: z.array(ulid) });

const blindItem = z.strictObject({
  /** Where its pixels are; not shown to the person. */
  kind: z.enum(['picture', 'generated']),
  id: ulid,
  rect,
  width: z.int(),
  height: z.int(),
});

const blindScore = z.strictObject({
  answered: z.int(),
  right: z.int(),
  /** Share of right answers, and its 95 % interval by Wilson; null before the first answer. */
  share: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

const blindTest = z.strictObject({
  id: ulid,
  items: z.array(blindItem),
  answers: z.array(z.enum(ANSWERS).nullable()),
  person: z.string().nullable(),
  createdAt: z.int(),
  finishedAt: z.int().nullable(),
  score: blindScore,
});
export type BlindTest = z.infer<typeof blindTest>;

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
        pictures: z.array(reviewed),
      }),
    ),

  get: oc.input(z.strictObject({ id: ulid })).output(reviewed),

  steps: oc.input(z.strictObject({ product: name.optional() })).output(steps),
  /** Takes the last step of a product back, also one from before a restart. */
  undo: oc.input(z.strictObject({ product: name.optional() })).output(moved),
  redo: oc.input(z.strictObject({ product: name.optional() })).output(moved),

  /** The real defect of the same type that a picture's defect resembles most; null where it has no mask. */
  nearest: oc.input(z.strictObject({ id: ulid })).output(
    z
      .strictObject({
        picture: ulid,
        file: z.string(),
        width: z.int(),
        height: z.int(),
        /** 0: the same, 1: nothing in common. */
        distance: z.number(),
        /** Squares around the two marks, in pixels of each picture. */
        rect,
        ownRect: rect,
      })
      .nullable(),
  ),

  /**
   * Corrects a picture's mask. Where a good picture lies below, pixels that are outside the new edit region get its code
   * values back.
   */
  repair: oc.input(z.strictObject({ id: ulid, mask: runLengthsInput })).output(reviewed),

  /** Run lengths of a picture's mask as it counts now. */
  mask: oc.input(z.strictObject({ id: ulid })).output(runLengthsInput),

  blind: {
    /** Mixes real defects and generated ones; undecided ones too where too few are accepted. */
    start: oc
      .input(
        z.strictObject({
          product: name.optional(),
          type: name.optional(),
          count: z.int().min(4).max(200),
          seed: z.int().min(0),
          person: z.string().min(1).max(100).optional(),
        }),
      )
      .output(blindTest),
    /** Stores one answer; the last one ends the test. */
    answer: oc
      .input(z.strictObject({ id: ulid, index: z.int().min(0), answer: z.enum(ANSWERS) }))
      .output(blindTest),
    /** Newest first. */
    list: oc
      .input(z.strictObject({ product: name.optional() }))
      .output(z.strictObject({ tests: z.array(blindTest) })),
  },
};
