// Making pictures.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { deviceChoice, json, name, path, seed, settings, shots, ulid } from '../fields.ts';

export const GENERATORS = ['windows', 'blend', 'paste', 'seas', 'normal', 'anogen'] as const;

const share = z.number().min(0).max(1);

/** Where new defects lie and what they are like, beside what was learned. */
export const placementInput = z.strictObject({
  where: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('learned') }),
    /** Shares of the picture. */
    z.strictObject({
      kind: z.literal('box'),
      x: share,
      y: share,
      width: share.refine((v) => v > 0, 'a box needs a width'),
      height: share.refine((v) => v > 0, 'a box needs a height'),
    }),
    /** A painted mask that was stored with `paintPlacement`. */
    z.strictObject({ kind: z.enum(['zones', 'mask']), mask: ulid }),
  ]),
  /** Length of a defect, relative to the real ones. */
  size: z.number().min(0.25).max(4),
  /** Defects per picture. */
  defects: z.int().min(1).max(20),
  /** 1: as drawn; below, fainter. */
  strength: z.number().min(0.1).max(2),
});
export type PlacementInput = z.infer<typeof placementInput>;

/** COCO run lengths, compressed. */
export const runLengthsInput = z.strictObject({
  width: z.int().min(1).max(65_535),
  height: z.int().min(1).max(65_535),
  counts: z.string().max(8_000_000),
});
export type RunLengths = z.infer<typeof runLengthsInput>;

const paintedMask = z.strictObject({
  id: ulid,
  use: z.enum(['zones', 'mask']),
  /** The picture it was painted on. */
  picture: ulid,
  areaPx: z.int(),
  mask: runLengthsInput,
});

export const generateInput = z.union([
  z.strictObject({ resume: ulid }),
  z.strictObject({
    generator: z.enum(GENERATORS),
    /** Defect type; not for `normal`. Without it, the product's only type. */
    type: name.optional(),
    count: z.int().min(1).max(100_000),
    seed,
    /** Weights of anomaly tokens, to mix attributes of several types. */
    attributes: z.record(z.string().min(1).max(200), z.number().min(0).max(1000)).optional(),
    variation: z.number().min(0).max(1).optional(),
    /** Where mask shapes come from: `real` ones warped, the mask `model`, or mask pictures (a file or a folder). */
    masks: path.default('real'),
    placement: placementInput.optional(),
    /** The good pictures to work on; without it, all outside the test split. */
    sources: z.array(ulid).min(1).max(100_000).optional(),
    product: name.optional(),
    /** Id of a token set or of the training run that made it; without it, the product's latest. */
    tokenSet: ulid.optional(),
    /** Which defects `paste` takes where nothing was trained. */
    shots: shots.optional(),
    shotSeed: seed,
    /** Without it, `auto`. */
    device: deviceChoice.optional(),
    /** Settings of `anogen`, or of SeaS on Stable Diffusion, in place of those it was trained with. */
    settings: settings.optional(),
  }),
]);

/** How a file made again compares with the one that was stored. */
const comparison = z.strictObject({
  sha256: z.string(),
  equal: z.boolean(),
  /** Whether the stored file is still there. */
  stored: z.boolean(),
  /** Largest difference of a sample in code values, and how many pixels differ; null where it cannot be told. */
  maxDifference: z.number().nullable(),
  differingPixels: z.int().nullable(),
});

export const generationMethods = {
  /** The fine-tunes of a product with the names of what they learned, newest first. */
  learned: oc.input(z.strictObject({ product: name.optional() })).output(
    z.strictObject({
      tokenSets: z.array(
        z.strictObject({
          id: ulid,
          runId: ulid,
          method: z.string(),
          createdAt: z.int(),
          /** Per type its name and its anomaly tokens. */
          types: z.array(z.strictObject({ name: z.string(), tokens: z.array(z.string()) })),
          /** Why it cannot be used now, or null. */
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),

  /** Seconds that so many pictures will take on this machine, from what earlier runs took; null where none tells. */
  predict: oc
    .input(
      z.strictObject({
        generator: z.enum(GENERATORS),
        count: z.int().min(1).max(100_000),
        product: name.optional(),
        defects: z.int().min(1).max(20).default(1),
      }),
    )
    .output(
      z.strictObject({
        seconds: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        /** How many pictures of earlier runs it rests on. */
        measured: z.int(),
      }),
    ),

  /** Stores a mask painted on a good picture: zones for the whole product, or the mask of one new defect. */
  paintPlacement: oc
    .input(z.strictObject({ use: z.enum(['zones', 'mask']), picture: ulid, mask: runLengthsInput }))
    .output(paintedMask),

  /** The painting that was stored last; null where there is none. */
  painted: oc
    .input(z.strictObject({ product: name.optional(), use: z.enum(['zones', 'mask']) }))
    .output(paintedMask.nullable()),

  /** The estimated outline of the product in a picture: where learned placement puts defects. */
  outline: oc
    .input(z.strictObject({ picture: ulid }))
    .output(z.strictObject({ mask: runLengthsInput, fillsPicture: z.boolean() })),

  /** Ends a run that stopped: its pictures stay, it is not offered for going on any more. */
  keep: oc.input(z.strictObject({ runId: ulid })).output(z.strictObject({ pictures: z.int() })),

  generate: oc.input(generateInput).output(
    stream({
      runId: ulid,
      product: z.string(),
      generator: z.string(),
      type: z.string().nullable(),
      /** Pictures of the whole run, those from before a resume included. */
      total: z.int(),
      flagged: z.int(),
      summary: json,
    }),
  ),

  /**
   * Makes a new picture in the place of one: same source, type and generator, another seed; with a mask, drawn inside it.
   * The old one is rejected as replaced; `review.undo` brings it back.
   */
  replace: oc
    .input(
      z.strictObject({
        id: ulid,
        seed,
        mask: runLengthsInput.optional(),
        device: deviceChoice.optional(),
      }),
    )
    .output(stream({ runId: ulid, id: ulid, replaced: ulid, flags: z.array(z.string()) })),

  /**
   * Makes one picture again and compares. A stored file that is gone is put back where the bytes are equal. `device`
   * takes another device than the run's.
   */
  recreate: oc.input(z.strictObject({ id: ulid, device: deviceChoice.optional() })).output(
    stream({
      id: ulid,
      runId: ulid,
      index: z.int(),
      generator: z.string(),
      equal: z.boolean(),
      image: comparison,
      mask: comparison.nullable(),
      /** What of the run's identity differs here, so that equality is not promised; null on the same identity. */
      differs: z.string().nullable(),
      restored: z.array(z.enum(['image', 'mask'])),
    }),
  ),
};
