// Fine-tuning a base pack on a few defects.

import { oc } from '@orpc/contract';
import * as z from 'zod';
import { RUN_STATES, type RunStateName } from '../../core/domain/run.ts';
import { stream } from '../events.ts';
import { deviceChoice, json, name, path, seed, settings, shots, ulid } from '../fields.ts';

export const METHODS = ['seas', 'anogen', 'anomalysd'] as const;
export const ATTENTION_FORMS = ['code', 'token', 'paper'] as const;
export const PRESETS = ['quick', 'balanced', 'best'] as const;

/** What a fine-tune is made with, whatever its length. */
const choice = {
  method: z.enum(METHODS),
  /** Pictures per type; without it, all that are kept for shots (8, or 3 where a type has fewer than 12). */
  shots: shots.optional(),
  shotSeed: seed,
  /** Updates instead of the preset's number; the mask network's follow in proportion. */
  steps: z.number().int().min(1).max(100_000).optional(),
  /** How SeaS reads attention maps: the released code's way, softmax over tokens, or the paper's formula. */
  attention: z.enum(ATTENTION_FORMS).default('code'),
  /** Rank of low-rank adapters; 0 trains the whole U-Net. */
  adapterRank: z.number().int().min(0).max(64).default(0),
  product: name.optional(),
  /** Name or folder of the base pack; without it, the embedded one. */
  pack: path.optional(),
  /** Without it, `auto`. */
  device: deviceChoice.optional(),
  /** Bytes of memory the run may take; without it, what the machine has less a reserve. */
  memory: z.int().min(1).optional(),
  /** The only defect type to learn; AnoGen only. */
  type: name.optional(),
  /** Parameters of AnoGen, AnomalySD or SeaS on Stable Diffusion in place of their defaults. */
  settings: settings.optional(),
};

export const trainInput = z.union([
  z.strictObject({ resume: ulid }),
  z.strictObject({ ...choice, preset: z.enum(PRESETS), seed }),
]);

const range = { seconds: z.number(), low: z.number(), high: z.number() };
const forecast = z.strictObject({
  ...range,
  phases: z.array(z.strictObject({ phase: z.string(), ...range })),
});

/** What would spoil a fine-tune. */
export const FINDINGS = [
  'no-defects',
  'no-good',
  'one-picture',
  'tiny-masks',
  'one-minute',
  'unlabelled',
  'no-held-out',
  'memory',
  'memory-busy',
  'disk',
  'device',
  'pack',
] as const;
/** What helps: where to go, or a setting that does it. */
export const FIXES = ['label', 'pictures', 'adapters', 'auto-device', 'embedded-pack', 'again'] as const;

const finding = z.strictObject({
  code: z.enum(FINDINGS),
  /** The run would fail, not only be worse. */
  stops: z.boolean(),
  type: z.string().nullable(),
  /** The pictures it is about, at most 8. */
  pictures: z.array(z.strictObject({ id: ulid, file: z.string() })),
  /** Numbers and words of the sentence. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  fix: z.enum(FIXES).nullable(),
});
export type Finding = z.infer<typeof finding>;

const runFacts = z.strictObject({
  id: ulid,
  method: z.string(),
  preset: z.string(),
  state: z.enum(RUN_STATES as [RunStateName, ...RunStateName[]]),
  createdAt: z.int(),
  /** Type names; empty until it is done. */
  types: z.array(z.string()),
  pack: z.string().nullable(),
  device: z.string(),
  adapterRank: z.int(),
  seed: z.number(),
  progress: z
    .strictObject({ phase: z.string(), done: z.number(), total: z.number(), note: z.string().nullable() })
    .nullable(),
  error: z.string().nullable(),
  /** Why it is interrupted, or null. */
  stoppedBy: z.enum(['stopped', 'crashed']).nullable(),
  /** Whether it can be ended early and keep what it has learned. */
  canEnd: z.boolean(),
  /** The user wants it to end early. */
  ending: z.boolean(),
  /** What was said before it began. */
  forecast: forecast.nullable(),
  forecastBytes: z.number().nullable(),
  /** All sittings so far. */
  seconds: z.number(),
  peakBytes: z.number().nullable(),
  tokenSet: ulid.nullable(),
  /** Numbers of the result; null until it is done, or where the method has none. */
  steps: z.number().nullable(),
  plannedSteps: z.number().nullable(),
  heldOutBefore: z.number().nullable(),
  heldOutAfter: z.number().nullable(),
  heldOutPictures: z.number().nullable(),
});
export type TrainingRun = z.infer<typeof runFacts>;

export const PREVIEWS = ['sample', 'real', 'attention'] as const;
const preview = z.strictObject({
  /** Shown as media of kind `preview`. */
  id: ulid,
  step: z.int(),
  kind: z.enum(PREVIEWS),
  /** The same place shows the same thing at every step. */
  place: z.int(),
  type: z.string(),
  token: z.string().nullable(),
});
export type TrainingPreview = z.infer<typeof preview>;

export const trainingMethods = {
  /** Every method there is; `ready` says whether this engine has it. */
  methods: oc
    .input(z.strictObject({}))
    .output(
      z.strictObject({ methods: z.array(z.strictObject({ method: z.enum(METHODS), ready: z.boolean() })) }),
    ),

  /** Seconds and peak memory of each preset for this job on this device, from what was measured on it. */
  predict: oc.input(z.strictObject(choice)).output(
    z.strictObject({
      device: z.strictObject({ kind: z.enum(['cpu', 'gpu']), name: z.string() }),
      presets: z.array(
        z.strictObject({
          preset: z.enum(PRESETS),
          steps: z.int(),
          /** Null where nothing was measured yet. */
          forecast: forecast.nullable(),
          /** Null on a graphics card, which has memory of its own. */
          bytes: z.number().nullable(),
          /** Why it cannot be run, or null. */
          problem: z.string().nullable(),
        }),
      ),
      /** What the times rest on: so many runs or short measurements, under the same conditions or others. */
      evidence: z.strictObject({ count: z.int(), isRun: z.boolean(), isSame: z.boolean() }).nullable(),
    }),
  ),

  /** Trains a few updates, keeps how long they took, and throws the rest away. */
  measure: oc.input(z.strictObject(choice)).output(stream({ seconds: z.number() })),

  /** What would spoil the result, and the pictures it would learn from. */
  preflight: oc.input(z.strictObject({ ...choice, preset: z.enum(PRESETS) })).output(
    z.strictObject({
      findings: z.array(finding),
      shots: z.array(z.strictObject({ id: ulid, file: z.string(), type: z.string() })),
      normals: z.int(),
      heldOut: z.int(),
    }),
  ),

  /** The fine-tunes of a product, newest first. */
  runs: oc
    .input(z.strictObject({ product: name.optional() }))
    .output(z.strictObject({ runs: z.array(runFacts) })),

  /** What a run has shown so far. */
  watch: oc.input(z.strictObject({ runId: ulid })).output(
    z.strictObject({
      points: z.array(z.strictObject({ step: z.int(), terms: z.record(z.string(), z.number()) })),
      previews: z.array(preview),
    }),
  ),

  /**
   * Ends a run at its next step with what it has learned by then. One that is paused ends when it is resumed:
   * `running` says which.
   */
  keep: oc.input(z.strictObject({ runId: ulid })).output(z.strictObject({ running: z.boolean() })),

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
