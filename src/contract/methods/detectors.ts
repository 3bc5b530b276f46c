// Detectors that a user carries away.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { deviceChoice, json, name, path, seed, shots } from '../fields.ts';

export const DETECTOR_KINDS = ['unet', 'draem', 'destseg', 'memory'] as const;

export const detectorMethods = {
  /**
   * Trains a detector on a product's real defects, its good pictures and, where wanted, its accepted generated ones,
   * never on test pictures, and writes it as one ONNX file with a description. The same call after a kill goes on.
   */
  train: oc
    .input(
      z.strictObject({
        kind: z.enum(DETECTOR_KINDS).default('unet'),
        /** Real defects per type. */
        shots: shots.default(8),
        shotSeed: seed,
        seed,
        /** Also train on generated pictures that were accepted in review. */
        accepted: z.boolean().default(true),
        /** Settings in place of the kind's (decision 0019). */
        settings: z.record(z.string(), z.number()).default({}),
        product: name.optional(),
        /** Pack whose encoder gives the features of destseg and memory; without it, the embedded one. */
        pack: path.optional(),
        device: deviceChoice.optional(),
        /** A folder that does not exist yet. */
        out: path,
      }),
    )
    .output(
      stream({
        out: z.string(),
        product: z.string(),
        kind: z.enum(DETECTOR_KINDS),
        files: z.array(z.string()),
        /** From validation pictures; null where they could not give one. */
        thresholds: z.strictObject({ pixel: z.number().nullable(), image: z.number().nullable() }),
        scale: z.number(),
        window: z.int(),
        shots: z.int(),
        normals: z.int(),
        generated: z.int(),
        validation: z.int(),
        validatedOnShots: z.boolean(),
        summary: json,
      }),
    ),
};
