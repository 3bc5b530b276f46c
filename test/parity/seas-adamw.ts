// Parity of AdamW: several steps on SeaS's batch, with and without clipping.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AdamW } from '../../src/core/autodiff/adamw.ts';
import type { AttentionForm } from '../../src/core/recipes/seas/attention-maps.ts';
import { type CheckResult, checkAbsolute, checkRelL2, checkRelMax, notRun, TOLERANCE } from './check.ts';
import { type Golden, openGolden, readJson } from './golden.ts';
import { type Summary, summaryOf } from './gradient-checks.ts';
import type { Weights } from './models.ts';
import { type SeasBatch, type SeasProgram, TOKENS } from './seas-program.ts';

interface AdamwJson {
  readonly form: AttentionForm;
  readonly max_norm: number | null;
  readonly lr_unet: number;
  readonly lr_token_embedding: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weight_decay: number;
  readonly steps: readonly ({
    readonly loss_before: number;
    readonly global_norm: number;
    readonly clip_coefficient: number;
    readonly params_norm_sum_maxabs: Readonly<Record<string, Summary>>;
  } & Record<string, unknown>)[];
}

const AREA = 'gradients';
/** Below this the sign of a gradient, and so Adam's first step, is decided by rounding (README). */
const UNDECIDED = 1e-6;
/** Parameters: error as a share of the learning rate, that is of how far one step moves an entry. */
const STEP_SHARE = 0.02;

/** Entries whose first gradient has a certain sign. */
function decided(x: ArrayLike<number>, first: ArrayLike<number>): number[] {
  const out: number[] = [];
  for (let i = 0; i < first.length; i++) if (Math.abs(first[i]) >= UNDECIDED) out.push(x[i]);
  return out;
}

/** Runs the steps of one file on copies of the parameters. */
class Run {
  readonly parameters: Weights;
  readonly optimiser: AdamW;
  /** Gradients of the first step. */
  first: Weights = {};
  readonly #batch: SeasBatch;
  readonly #program: SeasProgram;
  readonly #json: AdamwJson;

  constructor(batch: SeasBatch, program: SeasProgram, json: AdamwJson) {
    this.#batch = batch;
    this.#program = program;
    this.#json = json;
    this.parameters = Object.fromEntries(
      Object.entries(batch.parameters).map(([name, data]) => [name, data.slice()]),
    );
    const { betas, eps, weight_decay: weightDecay, max_norm } = json;
    this.optimiser = new AdamW(this.parameters, {
      betas,
      eps,
      weightDecay,
      ...(max_norm === null ? {} : { maxNorm: max_norm }),
    });
  }

  rate(name: string): number {
    return name === TOKENS ? this.#json.lr_token_embedding : this.#json.lr_unet;
  }

  /** One step; returns loss terms before it and the gradients' norm before clipping. */
  async step(): Promise<{ terms: Record<string, ArrayLike<number>>; norm: number }> {
    const { executable, frozen, trainable } = this.#program;
    const got = await executable.run({ ...this.#batch.feeds, ...frozen, ...trainable(this.parameters) });
    const grads: Weights = {};
    for (const name of Object.keys(this.parameters))
      grads[name] = (got[`grad.${name}`] as Float32Array) ?? new Float32Array(this.parameters[name].length);
    if (this.optimiser.steps === 0) this.first = grads;
    return { terms: got, norm: this.optimiser.step([grads], (name) => this.rate(name)) };
  }

  /** A parameter against the reference, in units of its learning rate. */
  check(label: string, name: string, gold: ArrayLike<number>): CheckResult {
    const rate = this.rate(name);
    const first = this.first[name];
    const [got, want] = [decided(this.parameters[name], first), decided(gold, first)];
    return checkAbsolute(AREA, label, got, want, STEP_SHARE * rate);
  }
}

/**
 * Norm, sum and largest value of every parameter. Decided entries may be off by a share of the rate, undecided
 * ones by two full steps each time; `rel` is the worst of the three as a share of what that allows.
 */
function* summaries(
  label: string,
  run: Run,
  golds: Readonly<Record<string, Summary>>,
): Generator<CheckResult> {
  for (const [name, gold] of Object.entries(golds)) {
    const values = run.parameters[name];
    const undecided = values.length - decided(values, run.first[name]).length;
    const rate = run.rate(name);
    const [near, far] = [STEP_SHARE * rate, 2 * rate * run.optimiser.steps];
    const root = Math.sqrt(values.length);
    const off = summaryOf(values).map((value, i) => Math.abs(value - gold[i]));
    const allowed = [
      near * root + far * Math.sqrt(undecided),
      near * root + far * undecided,
      undecided > 0 ? far : near,
    ];
    const rel = Math.max(...off.map((value, i) => value / allowed[i]));
    const status = rel <= 1 ? 'ok' : 'fail';
    const tolerance = `share<=1 (${undecided} of ${values.length} undecided)`;
    yield { area: AREA, name: `${label}.${name}`, status, abs: Math.max(...off), rel, tolerance };
  }
}

async function* file(
  label: string,
  json: AdamwJson,
  golden: Golden,
  batch: SeasBatch,
  program: SeasProgram,
): AsyncGenerator<CheckResult> {
  const run = new Run(batch, program, json);
  for (const [i, step] of json.steps.entries()) {
    const at = `${label}/step${i + 1}`;
    const { terms, norm: size } = await run.step();
    yield checkAbsolute(AREA, `${at}.loss`, terms.loss, [step.loss_before], TOLERANCE.seasLoss);
    for (const term of Object.keys(terms).filter((name) => typeof step[name] === 'number'))
      yield checkAbsolute(AREA, `${at}.${term}`, terms[term], [Number(step[term])], TOLERANCE.seasLoss);
    yield checkRelMax(AREA, `${at}.global_norm`, [size], [step.global_norm], TOLERANCE.seasGradient);
    const coefficient = Math.min(1, (json.max_norm ?? Infinity) / (size + 1e-6));
    yield checkRelMax(AREA, `${at}.clip`, [coefficient], [step.clip_coefficient], TOLERANCE.seasGradient);
    yield* summaries(`${at}.summary`, run, step.params_norm_sum_maxabs);
    const prefix = `step${i + 1}.`;
    for (const key of golden.names.filter((name) => name.startsWith(prefix)))
      yield run.check(`${label}/${key}`, key.slice(prefix.length), golden.float32(key));
  }
  for (const key of golden.names) {
    const [, moment, name] = /^(exp_avg(?:_sq)?)\.(.*)$/.exec(key) ?? [];
    if (!moment) continue;
    const { m, v } = run.optimiser.moments[name];
    const got = moment === 'exp_avg' ? m : v;
    yield checkRelL2(AREA, `${label}/${key}`, got, golden.float32(key), TOLERANCE.seasGradientTiny);
  }
  for (const key of golden.unread()) yield notRun(AREA, `${label}/${key}`, 'no check knows this tensor');
}

/** Every seas_adamw* file of the folder that uses this form. */
export async function* adamwChecks(
  dir: string,
  form: AttentionForm,
  batch: SeasBatch,
  program: SeasProgram,
): AsyncGenerator<CheckResult> {
  for (const path of readdirSync(join(dir, 'gradients')).toSorted()) {
    const label = /^(seas_adamw.*)\.json$/.exec(path)?.[1];
    if (!label) continue;
    const json = readJson<AdamwJson>(dir, `gradients/${path}`);
    if (json.form !== form) continue;
    const golden = openGolden(dir, `gradients/${label}.safetensors`);
    yield* file(label, json, golden, batch, program);
    golden.close();
  }
}
