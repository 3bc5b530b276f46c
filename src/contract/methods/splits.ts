// Splits and physical parts: who is in which split, what must stay together, and what crosses.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { name, seed, ulid } from '../fields.ts';
import { PICTURE_SPLITS, pictureFilter } from './pictures.ts';

const split = z.enum(PICTURE_SPLITS).nullable();
/** Pictures named one by one; a filter takes any number. */
const MOST_IDS = 20_000;
/** Leaks that are listed; all are counted. */
export const MOST_LEAKS = 100;

const product = name.optional();
const member = z.strictObject({ id: ulid, file: z.string(), split });

const leak = z.strictObject({
  reason: z.enum(['part', 'near-duplicate', 'same']),
  part: z.string().nullable(),
  first: member,
  second: member,
  /** Pictures that belong together with them. */
  pictures: z.int(),
  /** The split that mends it: where most of them are. */
  into: z.enum(PICTURE_SPLITS),
});
export type LeakInfo = z.infer<typeof leak>;

const changed = z.strictObject({ changed: z.int() });
const shares = z
  .strictObject({
    train: z.number().min(0).max(100),
    validation: z.number().min(0).max(100),
    test: z.number().min(0).max(100),
  })
  .refine((s) => s.train + s.validation + s.test > 0, 'at least one share must be above 0');

const counts = z.array(
  z.strictObject({
    /** `normal`, `unlabelled`, or `defect` with a type. */
    role: z.enum(['normal', 'defect', 'unlabelled']),
    type: z.string().nullable(),
    split,
    pictures: z.int(),
  }),
);

export const SPLIT_STEP_KINDS = ['set', 'rule', 'parts', 'mend'] as const;
const step = z.strictObject({ kind: z.enum(SPLIT_STEP_KINDS), pictures: z.int() }).nullable();

export const splitMethods = {
  overview: oc.input(z.strictObject({ product })).output(
    z.strictObject({
      counts,
      parts: z.int(),
      /** Pictures whose part nobody has named. */
      partUnknown: z.int(),
      leaks: z.array(leak),
      leaksTotal: z.int(),
      /** Groups of near-duplicates, the pictures in them, and pictures not compared yet. */
      near: z.strictObject({ groups: z.int(), pictures: z.int(), waiting: z.int() }),
      undo: step,
      redo: step,
    }),
  ),
  /** `together`: also what belongs together with the pictures named. */
  set: oc
    .input(
      z.strictObject({
        product,
        select: z.union([
          z.strictObject({ ids: z.array(ulid).min(1).max(MOST_IDS) }),
          z.strictObject({ filter: pictureFilter }),
        ]),
        split,
        together: z.boolean().default(true),
      }),
    )
    .output(changed),
  /** Divides by shares, kind by kind; what belongs together stays together. `dryRun` only counts. */
  rule: oc
    .input(
      z.strictObject({
        product,
        shares,
        seed,
        /** Pictures that have a split keep it. */
        keep: z.boolean().default(false),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(z.strictObject({ changed: z.int(), counts })),
  /** Names physical parts by a regular expression on the file's path; null forgets them. */
  parts: oc
    .input(
      z.strictObject({
        product,
        pattern: z.string().min(1).max(500).nullable(),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(
      z.strictObject({
        changed: z.int(),
        parts: z.int(),
        unmatched: z.int(),
        /** The largest parts first. */
        samples: z.array(z.strictObject({ part: z.string(), pictures: z.int(), files: z.array(z.string()) })),
        /** Files the expression does not match, a few. */
        strangers: z.array(z.string()),
      }),
    ),
  /** Brings what belongs together into one split: for one picture's set, or for all. */
  mend: oc.input(z.strictObject({ product, picture: ulid.optional() })).output(changed),
  undo: oc.input(z.strictObject({ product })).output(changed),
  redo: oc.input(z.strictObject({ product })).output(changed),
  /** The pictures that belong together with one, itself first. */
  together: oc.input(z.strictObject({ picture: ulid })).output(
    z.strictObject({
      pictures: z.array(
        member.extend({
          part: z.string().nullable(),
          link: z.enum(['self', 'part', 'near-duplicate', 'same']),
        }),
      ),
      total: z.int(),
    }),
  ),
  /** How many pictures `prepare` has not seen yet. */
  waiting: oc.input(z.strictObject({ product })).output(z.strictObject({ pictures: z.int() })),
  /** Makes small versions for the grid and finds near-duplicates; what is there already is kept. */
  prepare: oc
    .input(z.strictObject({ product }))
    .output(stream({ prepared: z.int(), groups: z.int(), pictures: z.int() })),
};
