// Labels: defect types, what stands on the work list, and the steps by which a picture's label is painted.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { FOREGROUND_LAYER, IGNORE_LAYER, type LabelStep, MOST_BRUSH } from '../../core/labels/step.ts';
import { name, ulid } from '../fields.ts';
import { PAGE_LIMIT, PICTURE_ROLES } from './pictures.ts';

/** The longest line, the largest outline, and the longest run-length text that one step may hold. */
const MOST_NUMBERS = 200_000;
const MOST_TEXT = 8 << 20;
const MOST_SIDE = 1 << 20;

export const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'expected a colour such as #ff4f8b');
const layer = z.union([ulid, z.literal(IGNORE_LAYER), z.literal(FOREGROUND_LAYER)]);
const at = z.int().min(-MOST_SIDE).max(MOST_SIDE);
const side = z.int().min(1).max(MOST_SIDE);
const size = z.int().min(1).max(MOST_BRUSH);
const points = z
  .array(
    z
      .int()
      .min(-16 * MOST_SIDE)
      .max(16 * MOST_SIDE),
  )
  .min(2)
  .max(MOST_NUMBERS)
  .refine((list) => list.length % 2 === 0, 'expected pairs');

export const region = z.strictObject({
  x: at,
  y: at,
  width: side,
  height: side,
  counts: z.string().max(MOST_TEXT),
});

const box = { layer, add: z.boolean(), x: at, y: at, width: side, height: side };
export const labelStep = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('brush'),
      layer,
      add: z.boolean(),
      points,
      size,
      sizes: z.array(size).max(MOST_NUMBERS).optional(),
    }),
    z.strictObject({ kind: z.literal('polygon'), layer, add: z.boolean(), points }),
    z.strictObject({ kind: z.literal('rectangle'), ...box }),
    z.strictObject({ kind: z.literal('ellipse'), ...box }),
    z.strictObject({
      kind: z.literal('region'),
      layer,
      tool: z.enum(['wand', 'fill', 'snap']),
      add: region.nullable(),
      remove: region.nullable(),
    }),
    z.strictObject({ kind: z.literal('clear'), layer }),
    z.strictObject({
      kind: z.literal('mark'),
      as: z.enum(['normal', 'unlabelled', 'defect']),
      type: ulid.nullable(),
    }),
  ])
  .refine(
    (step) =>
      step.kind !== 'brush' || step.sizes === undefined || 2 * step.sizes.length === step.points.length,
    'one size per point',
  )
  .refine(
    (step) => step.kind !== 'mark' || (step.as === 'defect') === (step.type !== null),
    'a defect has a type',
  );
labelStep satisfies z.ZodType<LabelStep>;

/** `picture`: its defects and ignore zones. `foreground`: where the product is, for all pictures of its size. */
export const LABEL_SUBJECTS = ['picture', 'foreground'] as const;
const subject = z.enum(LABEL_SUBJECTS);
const which = { picture: ulid, subject };

const labelType = z.strictObject({ id: ulid, name: z.string(), colour, pictures: z.int() });
export type LabelType = z.infer<typeof labelType>;

const labelDocument = z.strictObject({
  base: z.strictObject({
    mark: z.enum(PICTURE_ROLES),
    types: z.array(ulid),
    masks: z.array(z.strictObject({ layer, region: region.nullable() })),
  }),
  steps: z.array(z.strictObject({ id: z.string(), step: labelStep })),
  /** How many of the steps count. */
  head: z.int(),
});

export const LABEL_FILTERS = ['all', 'unlabelled', 'defect', 'normal'] as const;

const queueItem = z.strictObject({
  /** One of the picture's ids; another one of the same file may come back after a change. */
  id: ulid,
  file: z.string(),
  role: z.enum(PICTURE_ROLES),
  types: z.array(z.string()),
  width: z.int(),
  height: z.int(),
});
export type QueueItem = z.infer<typeof queueItem>;

export const labelMethods = {
  types: oc
    .input(z.strictObject({ product: name.optional() }))
    .output(z.strictObject({ types: z.array(labelType) })),
  addType: oc.input(z.strictObject({ product: name.optional(), name })).output(labelType),
  /** A type that a run has used keeps its name. */
  changeType: oc
    .input(z.strictObject({ id: ulid, name: name.optional(), colour: colour.optional() }))
    .output(labelType),
  /** Only a type that no picture and no run uses. */
  removeType: oc.input(z.strictObject({ id: ulid })).output(z.strictObject({})),

  /** Pictures, one per file whatever types it has, by file name. */
  queue: oc
    .input(
      z.strictObject({
        product: name.optional(),
        filter: z.enum(LABEL_FILTERS).default('all'),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(PAGE_LIMIT).default(100),
      }),
    )
    .output(z.strictObject({ total: z.int(), unlabelled: z.int(), pictures: z.array(queueItem) })),
  /** The next or previous picture of the list; null at its end. `place` is where it stands in the list. */
  neighbour: oc
    .input(
      z.strictObject({
        picture: ulid,
        filter: z.enum(LABEL_FILTERS).default('all'),
        step: z.literal([-1, 0, 1]),
      }),
    )
    .output(z.strictObject({ picture: ulid.nullable(), place: z.int() })),

  open: oc.input(z.strictObject(which)).output(
    z.strictObject({
      picture: queueItem.extend({
        bitDepth: z.int(),
        channels: z.int(),
        /** Code values of which 0.5 % are darker and 0.5 % brighter; null for 8 bit. */
        levels: z.strictObject({ low: z.int(), high: z.int() }).nullable(),
      }),
      document: labelDocument,
    }),
  ),
  /** Adds a step after `at` others; steps beyond are dropped. Stored when this returns. The same id twice adds once. */
  append: oc
    .input(z.strictObject({ ...which, at: z.int().min(0), id: z.uuid(), step: labelStep }))
    .output(z.strictObject({ head: z.int() })),
  /** Undo and redo: how many steps count. */
  setHead: oc
    .input(z.strictObject({ ...which, head: z.int().min(0) }))
    .output(z.strictObject({ head: z.int() })),
  /** Writes the masks that the steps give, for training and export; these also do so by themselves. */
  settle: oc.input(z.strictObject(which)).output(z.strictObject({ changed: z.boolean() })),
  /** The normal picture most like this one; null where there is none of its size. */
  nearest: oc.input(z.strictObject({ picture: ulid })).output(z.strictObject({ picture: ulid.nullable() })),
};
