// How a training step is made to fit: smaller micro-batches, then recomputation, then fewer side by side.

import { PLAIN_STEP, type StepForm } from '../autodiff/step-program.ts';
import { AppError } from '../base/errors.ts';
import type { ProgramMemory } from './predict.ts';

/** All of it changes rounding (or the order of sums), so a plan is part of a run's identity. */
export type StepPlan = {
  /** Equal micro-batches of a step. */
  readonly parts: number;
  /** How many of them run side by side, each on its share of the threads. */
  readonly lanes: number;
  readonly form: StepForm;
};

export interface PlannedStep {
  readonly plan: StepPlan;
  /** Predicted peak of the process. */
  readonly bytes: number;
}

/** Measured: a thread with a JavaScript engine of its own. */
const LANE_THREAD_BYTES = 45 * 2 ** 20;
/** Kept free of what is allowed: predictions are off by up to a tenth on the graphs they were compared with. */
const MARGIN = 1.1;
const GIB = 2 ** 30;

/** Bytes of a training step beside what the process holds already: weights, moments, and what the lanes take. */
export function stepBytes(
  memory: ProgramMemory,
  { parts, lanes }: Pick<StepPlan, 'parts' | 'lanes'>,
  trainedBytes: number,
): number {
  const { feedBytes, resultBytes, arenaBytes, sessionBytes } = memory;
  const thread = lanes > 1 ? LANE_THREAD_BYTES : 0;
  const sums = parts > lanes ? lanes * resultBytes : 0;
  return feedBytes + 2 * trainedBytes + lanes * (arenaBytes + resultBytes + sessionBytes + thread) + sums;
}

/**
 * Plans from the fastest to the thriftiest. `parts` lists how a step's rows can be divided, the usual way first.
 * Measured on two cores (decision 0013): dividing further costs a few per cent, computing activations again a
 * third, and one lane instead of two still more.
 */
export function stepPlans(parts: readonly number[], threads: number): StepPlan[] {
  const forms = [PLAIN_STEP, { ...PLAIN_STEP, recompute: true }];
  const plans: StepPlan[] = [];
  for (let lanes = Math.min(threads, Math.max(...parts)); lanes > 0; lanes--)
    for (const form of forms)
      for (const n of parts) if (n % lanes === 0) plans.push({ parts: n, lanes, form });
  return plans;
}

/**
 * The first plan that fits in `budget` bytes with a margin. `bytesOf` predicts the peak of the process under a plan.
 * @throws AppError usage, telling the least that would do
 */
export function choosePlan(
  plans: readonly StepPlan[],
  bytesOf: (plan: StepPlan) => number,
  budget: number,
): PlannedStep {
  let least = Infinity;
  for (const plan of plans) {
    const bytes = bytesOf(plan);
    if (MARGIN * bytes <= budget) return { plan, bytes };
    least = Math.min(least, MARGIN * bytes);
  }
  throw new AppError(
    'usage',
    `this training needs at least ${gibText(least)} of memory, and ${gibText(budget)} are allowed`,
    { hint: 'Allow more with --memory, close other programs, or train low-rank adapters (--adapters 8).' },
  );
}

const gibText = (bytes: number) => `${(Math.ceil((100 * bytes) / GIB) / 100).toFixed(2)} GiB`;

/** A plan in words. */
export function planText({ parts, lanes, form }: StepPlan): string {
  const micro = parts === 1 ? 'whole batches' : `${parts} micro-batches, ${lanes} at a time`;
  return `${micro}, activations ${form.recompute ? 'computed again' : 'kept'}`;
}

/** The same with what it takes. */
export const plannedText = ({ plan, bytes }: PlannedStep): string =>
  `${planText(plan)}: about ${gibText(bytes)}`;
