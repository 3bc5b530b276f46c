// Checks of gradients: whole tensors, and the [norm, sum, maxabs] summaries of a fixture.

import { type CheckResult, checkRelL2, type Numbers, relL2 } from './check.ts';

/** norm, sum, largest absolute value. */
export type Summary = readonly [norm: number, sum: number, maxAbs: number];

/**
 * Tolerances by the size of the reference's norm. `zero`: an error this small is rounding of the whole gradient
 * (about 1e-8 of its norm), however small the tensor's own gradient is.
 */
export interface GradientLimits {
  readonly limit: number;
  readonly tinyLimit: number;
  readonly tinyNorm: number;
  readonly zero: number;
}

export function norm(x: Numbers): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * x[i];
  return Math.sqrt(total);
}

export function summaryOf(x: Numbers): Summary {
  let [sum, top] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    sum += x[i];
    top = Math.max(top, Math.abs(x[i]));
  }
  return [norm(x), sum, top];
}

function limitFor(gold: number, limits: GradientLimits): number {
  return gold > limits.tinyNorm ? limits.limit : limits.tinyLimit;
}

/** ||a - b|| / ||gold||, or an error that is rounding. */
export function checkGradient(
  name: string,
  got: Numbers,
  gold: Numbers,
  limits: GradientLimits,
): CheckResult {
  const size = norm(gold);
  const result = checkRelL2('gradients', name, got, gold, limitFor(size, limits));
  const isRounding = got.length === gold.length && relL2(got, gold) * (size || 1) <= limits.zero;
  return isRounding ? { ...result, status: 'ok' } : result;
}

/**
 * What a relL2 of at most `limit` implies for the three numbers: the norm and the largest value move by at most
 * limit*norm, the sum by sqrt(n) times that. `rel` is the worst of the three as a relL2.
 */
export function checkSummary(name: string, got: Numbers, gold: Summary, limits: GradientLimits): CheckResult {
  const limit = limitFor(gold[0], limits);
  const [size, sum, top] = summaryOf(got);
  const off = [size - gold[0], (sum - gold[1]) / Math.sqrt(got.length), top - gold[2]].map(Math.abs);
  const abs = Math.max(...off);
  const status = abs <= Math.max(limit * gold[0], limits.zero) ? 'ok' : 'fail';
  return { area: 'gradients', name, status, abs, rel: abs / (gold[0] || 1), tolerance: `summary<=${limit}` };
}
