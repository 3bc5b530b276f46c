// Making pictures.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { deviceChoice, json, name, path, seed, shots, ulid } from '../fields.ts';

export const GENERATORS = ['windows', 'blend', 'paste', 'seas', 'normal'] as const;

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
    product: name.optional(),
    /** Id of a token set or of the training run that made it; without it, the product's latest. */
    tokenSet: ulid.optional(),
    /** Which defects `paste` takes where nothing was trained. */
    shots: shots.optional(),
    shotSeed: seed,
    /** Without it, `auto`. */
    device: deviceChoice.optional(),
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
