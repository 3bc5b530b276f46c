// Where the pixels of a picture lie, so that a host can serve them without sending them through the port.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { path, ulid } from '../fields.ts';

export const MEDIA_KINDS = [
  'picture',
  'picture-mask',
  'generated',
  'generated-mask',
  'preview',
  'inspected-heat',
  'inspected-map',
] as const;
/** Longer side of a small version, in pixels. */
export const MEDIA_SIZES = [64, 128, 256, 512, 1024, 2048] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];
export type MediaSize = (typeof MEDIA_SIZES)[number];

const codeValue = z.int().min(0).max(65_535);

export const mediaRequest = z
  .strictObject({
    kind: z.enum(MEDIA_KINDS),
    id: ulid,
    /** Without it, every pixel, lossless. */
    size: z.literal(MEDIA_SIZES).optional(),
    /** Code values shown as black and white; without them, the whole range. */
    low: codeValue.optional(),
    high: codeValue.optional(),
  })
  .refine((r) => (r.low === undefined) === (r.high === undefined), 'low and high go together')
  .refine((r) => r.low === undefined || r.high! > r.low, 'high must be above low');

export type MediaRequest = z.infer<typeof mediaRequest>;

export const mediaMethods = {
  /** Makes what is asked for where it is not kept yet. */
  locate: oc
    .input(mediaRequest)
    .output(
      z.strictObject({ file: path, type: z.string(), tag: z.string(), width: z.int(), height: z.int() }),
    ),
};
