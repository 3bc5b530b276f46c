// Base packs: the models that fine-tuning starts from.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { SAMPLER_NAMES } from '../../core/diffusion/named-samplers.ts';
import { SPACINGS } from '../../core/diffusion/time-grid.ts';
import { stream } from '../events.ts';
import { json, name, path, seed } from '../fields.ts';

export { SAMPLER_NAMES, SPACINGS };

const packInfo = z.strictObject({
  name: z.string(),
  kind: z.enum(['embedded', 'workspace', 'folder']),
  path: z.string(),
  hash: z.string(),
  workingSize: z.int(),
  licence: z.string(),
  problem: z.string().nullable(),
  /** What it is, where it is no window pack. */
  what: z.string().optional(),
  reading: z.strictObject({ with: z.string().nullable(), variant: z.string().nullable() }).optional(),
});

/** How a model is read: what it lacks comes from another folder, and which precision of its weights. */
const reading = {
  with: path.optional(),
  variant: z
    .string()
    .regex(/^\w{1,40}$/, 'a variant is a word such as fp16')
    .optional(),
};

const side = z.int().min(8).max(4096);
/** Further files that go on a model. */
const extras = <T extends z.ZodType>(file: T) => z.array(file).max(32).default([]);

export const sampleInput = z.strictObject({
  pack: path,
  ...reading,
  prompt: z.string().max(10_000),
  negative: z.string().max(10_000).default(''),
  /** One of SAMPLER_NAMES or a class name of diffusers; without it the pack's own. */
  sampler: z.string().min(1).max(100).optional(),
  spacing: z.enum(SPACINGS).optional(),
  steps: z.int().min(1).max(1000).default(25),
  guidance: z.number().min(0).max(100).default(7.5),
  seed,
  width: side.optional(),
  height: side.optional(),
  loras: extras(z.strictObject({ path, scale: z.number().min(-10).max(10).default(1) })),
  embeddings: extras(z.strictObject({ path, token: z.string().min(1).max(200).optional() })),
  /** The picture's file (PNG), which must not exist. */
  out: path,
});

export const packMethods = {
  list: oc.input(z.strictObject({})).output(z.strictObject({ packs: z.array(packInfo) })),
  inspect: oc
    .input(z.strictObject({ pack: path, ...reading }))
    .output(z.strictObject({ pack: packInfo, details: json })),
  /** Inspects a model where it lies and makes it known to the workspace; nothing is copied. */
  add: oc
    .input(z.strictObject({ path, ...reading, name: name.optional() }))
    .output(stream({ pack: packInfo, details: json })),
  /** Forgets an added model; its files stay. */
  remove: oc.input(z.strictObject({ name })).output(z.strictObject({ name: z.string(), path: z.string() })),
  /** One picture from a prompt. */
  sample: oc.input(sampleInput).output(
    stream({
      file: z.string(),
      pack: z.string(),
      width: z.int(),
      height: z.int(),
      scheduler: z.string(),
      timesteps: z.array(z.number()),
      sha256: z.string(),
    }),
  ),
};
