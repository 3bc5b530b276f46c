// The pictures of a product, page by page: products may have tens of thousands.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { name, ulid } from '../fields.ts';

export const PICTURE_ROLES = ['normal', 'defect', 'unlabelled'] as const;
export const PICTURE_SPLITS = ['train', 'validation', 'test'] as const;
/** Pages are bounded so that one answer stays small. */
export const PAGE_LIMIT = 1000;

export const pictureInfo = z.strictObject({
  id: ulid,
  file: z.string(),
  role: z.enum(PICTURE_ROLES),
  split: z.string().nullable(),
  type: z.string().nullable(),
  group: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  bitDepth: z.int(),
  /** Area of the mask that counts; null without one. */
  maskAreaPx: z.int().nullable(),
});
export type PictureInfo = z.infer<typeof pictureInfo>;

export const pictureFilter = z.strictObject({
  role: z.enum(PICTURE_ROLES).optional(),
  type: name.optional(),
  split: z.string().max(40).optional(),
  /** Part of the file's path. */
  text: z.string().max(200).optional(),
});

export const pictureMethods = {
  /** Sorted by file name. */
  page: oc
    .input(
      z.strictObject({
        product: name.optional(),
        filter: pictureFilter.default({}),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(PAGE_LIMIT).default(200),
      }),
    )
    .output(z.strictObject({ total: z.int(), pictures: z.array(pictureInfo) })),
  get: oc.input(z.strictObject({ id: ulid })).output(pictureInfo),
};
