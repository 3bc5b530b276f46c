// One parity check: comparing numbers with the reference, the tolerances of the fixtures' README, and its line of text.

export type Numbers = ArrayLike<number>;

export interface CheckResult {
  /** ops, forward, gradients, tokenizer, samplers, ... */
  readonly area: string;
  readonly name: string;
  /** `not-run`: the folder asks for it and nothing here could do it; counts as failed. */
  readonly status: 'ok' | 'fail' | 'not-run';
  /** Largest absolute difference. */
  readonly abs?: number;
  /** The relative measure the tolerance is about. */
  readonly rel?: number;
  readonly tolerance?: string;
  /** Why it failed or was not run. */
  readonly note?: string;
}

/** Advised tolerances, by kind (README of the fixtures, table "Tolerances"). */
export const TOLERANCE = {
  /** Network outputs and activations, relMax. */
  network: 2e-5,
  /** SeaS losses, absolute. */
  seasLoss: 1e-5,
  /** SeaS gradients, relL2, where the reference's norm is above / below 1e-3. */
  seasGradient: 1e-4,
  seasGradientTiny: 1e-3,
  /** Decoder, RMP and DRAEM gradients, relL2. */
  otherGradient: 5e-4,
  /** Samplers with the analytic denoiser, relMax. */
  samplerFloat32: 1e-5,
  samplerFloat64: 1e-10,
  /** Last state of a sampler with the UNet, relMax. */
  samplerNetwork: 5e-5,
  /** Ops, elementwise. */
  ops: { rtol: 1e-4, atol: 1e-6 },
  metrics: 1e-6,
} as const;

/** max |a - b|; NaN when any difference is. */
export function maxAbs(got: Numbers, gold: Numbers): number {
  let worst = 0;
  for (let i = 0; i < gold.length; i++) {
    const difference = got[i] === gold[i] ? 0 : Math.abs(got[i] - gold[i]);
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

/** max |a - b| / max |gold|; gold all zero: the absolute difference. */
export function relMax(got: Numbers, gold: Numbers): number {
  let scale = 0;
  for (let i = 0; i < gold.length; i++) scale = Math.max(scale, Math.abs(gold[i]));
  return maxAbs(got, gold) / (scale || 1);
}

/** ||a - b|| / ||gold||; gold all zero: the absolute norm. */
export function relL2(got: Numbers, gold: Numbers): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < gold.length; i++) {
    difference += (got[i] - gold[i]) ** 2;
    norm += gold[i] ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(norm) || 1);
}

/** max |a - b| / (atol + rtol |gold|): at most 1 where numpy.allclose holds. */
export function closeness(
  got: Numbers,
  gold: Numbers,
  { rtol, atol }: { rtol: number; atol: number },
): number {
  let worst = 0;
  for (let i = 0; i < gold.length; i++) {
    const share = got[i] === gold[i] ? 0 : Math.abs(got[i] - gold[i]) / (atol + rtol * Math.abs(gold[i]));
    if (!(share <= worst)) worst = share;
  }
  return worst;
}

interface Place {
  readonly area: string;
  readonly name: string;
}

function judge(
  place: Place,
  got: Numbers,
  gold: Numbers,
  rel: number,
  limit: number,
  tolerance: string,
): CheckResult {
  if (got.length !== gold.length) {
    return {
      ...place,
      status: 'fail',
      tolerance,
      note: `has ${got.length} numbers, reference ${gold.length}`,
    };
  }
  const abs = maxAbs(got, gold);
  return { ...place, status: rel <= limit ? 'ok' : 'fail', abs, rel, tolerance };
}

export function checkRelMax(
  area: string,
  name: string,
  got: Numbers,
  gold: Numbers,
  limit: number,
): CheckResult {
  return judge({ area, name }, got, gold, relMax(got, gold), limit, `relMax<=${short(limit)}`);
}

export function checkRelL2(
  area: string,
  name: string,
  got: Numbers,
  gold: Numbers,
  limit: number,
): CheckResult {
  return judge({ area, name }, got, gold, relL2(got, gold), limit, `relL2<=${short(limit)}`);
}

/** Elementwise |a - b| <= atol + rtol |gold|; `rel` is shown as relMax. */
export function checkClose(
  area: string,
  name: string,
  got: Numbers,
  gold: Numbers,
  limits: { rtol: number; atol: number } = TOLERANCE.ops,
): CheckResult {
  const result = judge(
    { area, name },
    got,
    gold,
    closeness(got, gold, limits),
    1,
    `rtol=${short(limits.rtol)},atol=${short(limits.atol)}`,
  );
  return result.abs === undefined ? result : { ...result, rel: relMax(got, gold) };
}

/** Absolute difference, for losses and other single numbers. */
export function checkAbsolute(
  area: string,
  name: string,
  got: Numbers,
  gold: Numbers,
  limit: number,
): CheckResult {
  const result = judge({ area, name }, got, gold, maxAbs(got, gold), limit, `abs<=${short(limit)}`);
  return result.abs === undefined ? result : { ...result, rel: relMax(got, gold) };
}

/** Equality, for ids, counts and timesteps. */
export function checkEqual(area: string, name: string, got: Numbers, gold: Numbers): CheckResult {
  return checkAbsolute(area, name, got, gold, 0);
}

/** A check that passes or not without numbers. */
export function checkThat(area: string, name: string, holds: boolean, note: string): CheckResult {
  return holds ? { area, name, status: 'ok' } : { area, name, status: 'fail', note };
}

export function notRun(area: string, name: string, reason: string): CheckResult {
  return { area, name, status: 'not-run', note: reason };
}

/** A tolerance as people write it: 2e-5, 0. */
function short(limit: number): string {
  return limit === 0 ? '0' : limit.toExponential();
}

function show(value: number | undefined): string {
  return value === undefined ? '-' : value === 0 ? '0' : value.toExponential(2);
}

/** `AREA/NAME abs=… rel=… tol=… ok|FAIL`, with the reason behind a FAIL. */
export function line(result: CheckResult): string {
  const verdict = result.status === 'ok' ? 'ok' : 'FAIL';
  const reason =
    result.status === 'not-run' ? ` (not run: ${result.note})` : result.note ? ` (${result.note})` : '';
  const numbers = `abs=${show(result.abs)} rel=${show(result.rel)} tol=${result.tolerance ?? '-'}`;
  return `${result.area}/${result.name} ${numbers} ${verdict}${reason}`;
}
