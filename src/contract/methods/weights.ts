// Saving what a fine-tune learned in forms that other programs read.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { stream } from '../events.ts';
import { json, path, ulid } from '../fields.ts';

export const WEIGHT_FORMS = ['embedding', 'lora', 'unet'] as const;
export const WEIGHT_DIALECTS = ['diffusers', 'a1111', 'kohya'] as const;

export const weightMethods = {
  export: oc
    .input(
      z.strictObject({
        /** Id of a token set or of the training run that made it. */
        tokenSet: ulid,
        as: z.enum(WEIGHT_FORMS),
        dialect: z.enum(WEIGHT_DIALECTS).optional(),
        /** A folder (embedding, unet) or a file (lora) that does not exist yet. */
        out: path,
        /** Extracts a LoRA of this rank where the whole U-Net was trained. */
        rank: z.int().min(1).max(320).optional(),
        half: z.boolean().default(false),
      }),
    )
    .output(stream({ out: z.string(), as: z.enum(WEIGHT_FORMS), details: json })),
};
