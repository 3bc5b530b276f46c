// Long work that the engine keeps going whoever looks on: started here, watched by any window.

import { eventIterator, oc } from '@orpc/contract';
import * as z from 'zod';
import { plainErrorSchema } from '../errors.ts';
import { stepEvent } from '../events.ts';
import { json, ulid } from '../fields.ts';
import { datasetMethods } from './datasets.ts';
import { demoMethods } from './demo.ts';
import { exportMethods } from './exports.ts';
import { generationMethods } from './generation.ts';
import { inspectMethods } from './inspect.ts';
import { packMethods } from './packs.ts';
import { proveMethods } from './prove.ts';
import { splitMethods } from './splits.ts';
import { trainingMethods } from './training.ts';
import { weightMethods } from './weights.ts';
import { workspaceMethods } from './workspace.ts';

/** A long method of the contract as a job: its name and its own input schema. */
function job<Name extends string, Input extends z.ZodType>(
  method: Name,
  procedure: { '~orpc': { inputSchema?: Input } },
) {
  return z.strictObject({ method: z.literal(method), input: procedure['~orpc'].inputSchema! });
}

/** A new long method gets a row here. */
const jobRequest = z.discriminatedUnion('method', [
  job('datasets.import', datasetMethods.import),
  job('datasets.sample', datasetMethods.sample),
  job('splits.prepare', splitMethods.prepare),
  job('training.train', trainingMethods.train),
  job('training.measure', trainingMethods.measure),
  job('generation.generate', generationMethods.generate),
  job('generation.recreate', generationMethods.recreate),
  job('generation.replace', generationMethods.replace),
  job('exports.export', exportMethods.export),
  job('exports.verify', exportMethods.verify),
  job('packs.add', packMethods.add),
  job('packs.sample', packMethods.sample),
  job('weights.export', weightMethods.export),
  job('inspect.inspect', inspectMethods.inspect),
  job('workspace.doctor', workspaceMethods.doctor),
  job('workspace.backup', workspaceMethods.backup),
  job('workspace.restore', workspaceMethods.restore),
  job('prove.run', proveMethods.run),
  job('demo.run', demoMethods.run),
]);

export type JobRequest = z.input<typeof jobRequest>;
export type JobMethod = JobRequest['method'];
export const JOB_METHODS = jobRequest.options.map((option) => option.shape.method.value) as JobMethod[];

export const JOB_STATES = ['running', 'stopping', 'done', 'stopped', 'failed'] as const;

const jobInfo = z.strictObject({
  id: ulid,
  method: z.enum(JOB_METHODS as [JobMethod, ...JobMethod[]]),
  input: json,
  state: z.enum(JOB_STATES),
  startedAt: z.int(),
  endedAt: z.int().nullable(),
  progress: z
    .strictObject({
      phase: z.string(),
      done: z.number(),
      /** 0 where it is not known. */
      total: z.number(),
      etaSeconds: z.number().nullable(),
      note: z.string().nullable(),
    })
    .nullable(),
  /** The run it is, once there is one; a stopped run is resumed by this id. */
  runId: ulid.nullable(),
  result: json.nullable(),
  error: plainErrorSchema.nullable(),
});
export type JobInfo = z.infer<typeof jobInfo>;

export const jobMethods = {
  /** Begins; the job goes on when the caller leaves. */
  start: oc.input(jobRequest).output(z.strictObject({ id: ulid })),
  /** Asks a job to stop after its present step. A run that is stopped can be resumed. */
  stop: oc.input(z.strictObject({ id: ulid })).output(z.strictObject({ stopped: z.boolean() })),
  /** Every job of this engine's life, newest first: all at once, then each one again when it changes. */
  watch: oc
    .input(z.strictObject({}))
    .output(eventIterator(z.strictObject({ jobs: z.array(jobInfo), complete: z.boolean() }))),
  /** What one job has said, from its beginning, then what it says; of progress only the newest. Ends with the job. */
  follow: oc.input(z.strictObject({ id: ulid })).output(eventIterator(stepEvent)),
};
