// The pictures of a product, page by page: products may have tens of thousands.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { name, ulid } from '../fields.ts';

export const PICTURE_ROLES = ['normal', 'defect', 'unlabelled'] as const;
export const PICTURE_SPLITS = ['train', 'validation', 'test'] as const;
/** Pages are bounded so that one answer stays small. */
export const PAGE_LIMIT = 1000;

/** Why somebody should look at a picture. */
export const PICTURE_REMARKS = ['leak', 'near-duplicate', 'no-mask'] as const;

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
  /** Number of its group of near-duplicates. */
  near: z.int().nullable(),
  flags: z.array(z.enum(PICTURE_REMARKS)),
  /** 16 x 16 grey values, base64, to show at once; null until the picture was prepared. */
  preview: z.string().nullable(),
});
export type PictureInfo = z.infer<typeof pictureInfo>;

export const pictureFilter = z.strictObject({
  role: z.enum(PICTURE_ROLES).optional(),
  type: name.optional(),
  split: z.enum([...PICTURE_SPLITS, 'none']).optional(),
  /** Part of the file's path. */
  text: z.string().max(200).optional(),
  /** `any`: with at least one remark. `near-duplicate` sorts by group. */
  flag: z.enum([...PICTURE_REMARKS, 'any']).optional(),
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
  /** Where it came from, and how its code values are spread. */
  facts: oc.input(z.strictObject({ id: ulid })).output(
    z.strictObject({
      /** The folder it was imported from. */
      source: z.string(),
      importedAt: z.int(),
      bytes: z.int(),
      importedSplit: z.string().nullable(),
      /** Whether somebody has corrected where the product is, in pictures of this size. */
      foreground: z.enum(['estimated', 'painted']),
      /** Code values of which 0.5 % are darker and 0.5 % brighter, and the extremes; null for 8 bit. */
      levels: z
        .strictObject({ low: z.int(), high: z.int(), darkest: z.int(), brightest: z.int() })
        .nullable(),
    }),
  ),
};
