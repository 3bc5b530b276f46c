// Looking for anomalies in pictures with a model that was trained on good pictures only (AnomalySD).

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { deviceChoice, name, path, settings, ulid } from '../fields.ts';

export const INSPECT_MODES = ['fast', 'full'] as const;
export const DEFAULT_FALSE_ALARMS = 0.01;

/** What is looked at: files or folders on this machine, imported pictures, or all of a product's of one split. */
const inspectedPictures = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('files'), paths: z.array(path).min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('imported'), ids: z.array(ulid).min(1).max(100_000) }),
  z.strictObject({ kind: z.literal('split'), split: z.enum(['train', 'test', 'validation']) }),
]);

const whatAndHow = {
  /** Id of the training run or of what it learned; without it, the product's latest AnomalySD model. */
  model: ulid.optional(),
  product: name.optional(),
  pictures: inspectedPictures,
  mode: z.enum(INSPECT_MODES).default('fast'),
  /** Good pictures that the threshold rests on, at most. Without it 40 in fast mode, 8 in full mode. */
  goods: z.int().min(1).max(1000).optional(),
  device: deviceChoice.optional(),
  /** Settings of inspection in place of the model's (decision 0017). */
  settings: settings.optional(),
};

const inspected = z.strictObject({
  id: ulid,
  file: z.string(),
  /** Of the imported picture, where it is one. */
  picture: ulid.nullable(),
  sha256: z.string(),
  width: z.int(),
  height: z.int(),
  /** The largest value of the smoothed map. */
  score: z.number(),
  /** Whether the score is above the threshold; null without a threshold. */
  anomalous: z.boolean().nullable(),
  windows: z.int(),
  /** What an imported picture is labelled as; null where nothing is known. */
  label: z.enum(['good', 'defect']).nullable(),
});
export type InspectedPicture = z.infer<typeof inspected>;

const threshold = z.strictObject({
  /** Scores above it count as anomalous; null where the model has no good pictures but those it was trained on. */
  value: z.number().nullable(),
  falseAlarms: z.number(),
  goods: z.int(),
  /** Whether so many good pictures can support the rate: below 1/rate - 1 pictures the highest good score is taken. */
  supported: z.boolean(),
});

const cost = z.strictObject({
  pictures: z.int(),
  windows: z.int(),
  /** Repairs (inpainting runs) per window, and network evaluations of each. */
  runsPerWindow: z.int(),
  stepsPerRun: z.int(),
  /** Good pictures that must be looked at first for the threshold. */
  goods: z.int(),
  /** Pictures and good ones that were inspected like this before: they cost nothing again. */
  known: z.int(),
  /** Measured on this machine just now. */
  secondsPerWindow: z.number(),
  seconds: z.number(),
});
export type InspectCost = z.infer<typeof cost>;

export const inspectMethods = {
  /** Models that can inspect a product, newest first. */
  models: oc.input(z.strictObject({ product: name.optional() })).output(
    z.strictObject({
      models: z.array(
        z.strictObject({
          id: ulid,
          runId: ulid,
          createdAt: z.int(),
          /** Good pictures it was trained on. */
          shots: z.int(),
          pack: z.string(),
          /** Why it cannot be used now, or null. */
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),

  /** What an inspection would cost, before it is begun; measures one evaluation on this machine. */
  cost: oc.input(z.strictObject(whatAndHow)).output(cost),

  /**
   * Scores pictures and draws a map of each. What is done is stored picture by picture: the same call after a kill or
   * a stop goes on where it was, and a second call on the same pictures is answered from the store.
   */
  inspect: oc
    .input(
      z.strictObject({
        ...whatAndHow,
        falseAlarms: z.number().gt(0).lt(1).default(DEFAULT_FALSE_ALARMS),
        /** A folder for heat pictures, 16-bit maps and scores.csv; without it they stay in the workspace. */
        out: path.optional(),
      }),
    )
    .output(
      stream({
        model: ulid,
        product: z.string(),
        mode: z.enum(INSPECT_MODES),
        threshold,
        cost,
        pictures: z.array(inspected),
        /** Value of one code value of the 16-bit maps. */
        valuePerCode: z.number(),
        /** Area under the ROC curve where labels are known for good and bad pictures; else null. */
        imageAuroc: z.number().nullable(),
        /** The folder that was written, or null. */
        out: z.string().nullable(),
      }),
    ),
};
