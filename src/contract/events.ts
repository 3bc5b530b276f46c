// What long methods send while they work. Every stream ends with one `result` event, or throws.

import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { ERROR_CODES } from '../core/base/errors.ts';
import { PROBLEM_ACTIONS } from '../core/domain/import-report.ts';
import { PROOF_ARMS, PROOF_METRICS } from '../core/domain/proof.ts';
import { RUN_KINDS } from '../core/domain/run.ts';
import { ulid } from './fields.ts';

export const progressEvent = z.strictObject({
  event: z.literal('progress'),
  phase: z.string(),
  done: z.number(),
  /** 0 where it is not known. */
  total: z.number(),
  etaSeconds: z.number().nullable(),
  note: z.string().nullable(),
});

export const logEvent = z.strictObject({
  event: z.literal('log'),
  level: z.enum(['info', 'warn']),
  message: z.string(),
});

/** A run exists from here on: it can be resumed by this id. */
export const runEvent = z.strictObject({
  event: z.literal('run'),
  runId: ulid,
  kind: z.enum(RUN_KINDS),
  resumed: z.boolean(),
  /** The folder it lives in: the demo's is not the one the engine was started with. */
  workspace: z.string(),
});

/** The run is done: nothing of it is left to resume. */
export const runEndEvent = z.strictObject({
  event: z.literal('run-end'),
  runId: ulid,
});

/** A checkpoint is on disk. */
export const checkpointEvent = z.strictObject({
  event: z.literal('checkpoint'),
  runId: ulid,
  step: z.int().min(0),
});

/** A point of a training's loss curve is stored: means by term up to this step. */
export const lossEvent = z.strictObject({
  event: z.literal('loss'),
  runId: ulid,
  step: z.int().min(0),
  terms: z.record(z.string(), z.number()),
});

/** Pictures of how far a training has come are stored. */
export const previewEvent = z.strictObject({
  event: z.literal('preview'),
  runId: ulid,
  step: z.int().min(0),
  pictures: z.int(),
});

/** A generated picture is stored. */
export const pictureEvent = z.strictObject({
  event: z.literal('picture'),
  runId: ulid,
  id: ulid,
  index: z.int().min(0),
  type: z.string().nullable(),
  flags: z.array(z.string()),
});

/** Something about one file that the user should know. */
export const problemEvent = z.strictObject({
  event: z.literal('problem'),
  level: z.enum(['reject', 'warn']),
  code: z.enum(ERROR_CODES),
  file: z.string(),
  message: z.string(),
  hint: z.string(),
  /** Of an import: what becomes of the file. */
  action: z.enum(PROBLEM_ACTIONS).optional(),
});

/** Something doctor found. */
export const findingEvent = z.strictObject({
  event: z.literal('finding'),
  level: z.enum(['error', 'note']),
  what: z.string(),
  file: z.string().nullable(),
  repaired: z.boolean(),
});

export const proofArm = z.enum(PROOF_ARMS);
const metric = z.enum(PROOF_METRICS);
export const metricValues = z.record(metric, z.number().nullable());
/** Per metric: mean over seeds, 95 % interval, the seeds' values. */
export const armSummary = z.record(
  metric,
  z.strictObject({
    mean: z.number().nullable(),
    lo: z.number().nullable(),
    hi: z.number().nullable(),
    seeds: z.array(z.number().nullable()),
  }),
);

/** A detector of a proof is trained and tested; its numbers are stored. */
export const cellEvent = z.strictObject({
  event: z.literal('cell'),
  runId: ulid,
  arm: proofArm,
  seed: z.int().min(0),
  done: z.int(),
  total: z.int(),
  values: metricValues,
  /** All arms as far as they have come. */
  arms: z.partialRecord(proofArm, armSummary),
});

const anyStep = [
  progressEvent,
  logEvent,
  runEvent,
  runEndEvent,
  checkpointEvent,
  lossEvent,
  previewEvent,
  pictureEvent,
  problemEvent,
  findingEvent,
  cellEvent,
] as const;

/** Every event but the result. */
export const stepEvent = z.discriminatedUnion('event', [...anyStep]);
export type StepEvent = z.infer<typeof stepEvent>;

/** Output schema of a long method: step events, then one result with these fields. */
export function stream<Shape extends z.ZodRawShape>(result: Shape) {
  return eventIterator(z.discriminatedUnion('event', [...anyStep, resultEvent(result)]));
}

/** `{"event":"result", ...fields}`. */
export function resultEvent<Shape extends z.ZodRawShape>(result: Shape) {
  return z.strictObject({ event: z.literal('result'), ...result });
}
