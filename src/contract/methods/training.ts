// Fine-tuning a base pack on a few defects.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { deviceChoice, json, name, path, seed, shots, ulid } from '../fields.ts';

export const METHODS = ['seas', 'anogen', 'anomalysd'] as const;
export const ATTENTION_FORMS = ['code', 'token', 'paper'] as const;
export const PRESETS = ['quick', 'balanced', 'best'] as const;

export const trainInput = z.union([
  z.strictObject({ resume: ulid }),
  z.strictObject({
    method: z.enum(METHODS),
    preset: z.enum(PRESETS),
    /** Pictures per type; without it, all that are kept for shots (8, or 3 where a type has fewer than 12). */
    shots: shots.optional(),
    shotSeed: seed,
    /** Updates instead of the preset's number; the mask network's follow in proportion. */
    steps: z.number().int().min(1).max(100_000).optional(),
    /** How SeaS reads attention maps: the released code's way, softmax over tokens, or the paper's formula. */
    attention: z.enum(ATTENTION_FORMS).default('code'),
    /** Rank of low-rank adapters; 0 trains the whole U-Net. */
    adapterRank: z.number().int().min(0).max(64).default(0),
    seed,
    product: name.optional(),
    /** Name or folder of the base pack; without it, the embedded one. */
    pack: path.optional(),
    /** Without it, `auto`. */
    device: deviceChoice.optional(),
    /** Bytes of memory the run may take; without it, what the machine has less a reserve. */
    memory: z.int().min(1).optional(),
  }),
]);

export const trainingMethods = {
  train: oc.input(trainInput).output(
    stream({
      runId: ulid,
      tokenSet: ulid,
      product: z.string(),
      types: z.array(z.string()),
      /** Numbers of the method: losses, steps, seconds. */
      summary: json,
    }),
  ),
};
