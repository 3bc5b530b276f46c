// The building blocks of the contract's schemas: ids, names, seeds, paths.

import * as z from 'zod';

export const ulid = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'expected an id of 26 letters and digits');
export const seed = z.int().min(0);
/** At most 8: the first 8 pictures of each type are kept for shots, whatever the number (interfaces.md). */
export const shots = z.int().min(1).max(8);
/** A path as the engine's machine knows it, absolute. */
export const path = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), 'a path cannot hold a zero byte');
export const name = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/[\p{Cc}/\\]/u.test(text), 'a name cannot hold slashes or control characters');
/** `auto`: a graphics card that works, else the CPU. */
export const DEVICES = ['auto', 'cpu', 'gpu'] as const;
export const deviceChoice = z.enum(DEVICES);
export const json: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.json());
/** A method's own parameters by name; what is unknown or out of range is refused with the known ones. */
export const settings = z.record(
  z.string().min(1).max(100),
  z.union([z.string().max(1000), z.number(), z.boolean()]),
);
