// How a training step is made to fit: micro-batches first, then recomputation, then fewer of them side by side.

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

/** The most lanes, up to `threads`, that share the parts evenly; then fewer. */
function laneCounts(parts: number, threads: number): number[] {
  const counts = Array.from({ length: Math.min(parts, threads) }, (_, i) => i + 1);
  return counts.filter((n) => parts % n === 0).reverse();
}

/**
 * Plans from the fastest to the thriftiest. `parts` lists how a step's rows can be divided, the usual way first.
 * Measured on two cores (decision 0013): more micro-batches cost a few per cent, recomputation a third, one
 * lane instead of two still more.
 */
export function stepPlans(parts: readonly number[], threads: number): StepPlan[] {
  const forms = [PLAIN_STEP, { ...PLAIN_STEP, recompute: true }];
  const most = (n: number) => laneCounts(n, threads)[0];
  const wide = forms.flatMap((form) => parts.map((n) => ({ parts: n, lanes: most(n), form })));
  const narrow = forms.flatMap((form) =>
    parts.flatMap((n) =>
      laneCounts(n, threads)
        .slice(1)
        .map((lanes) => ({ parts: n, lanes, form })),
    ),
  );
  return [...wide, ...narrow];
}

/**
 * The first plan that fits in `budget` bytes. `bytesOf` predicts the peak of the process under a plan.
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
    if (bytes <= budget) return { plan, bytes };
    least = Math.min(least, bytes);
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
