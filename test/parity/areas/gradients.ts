// Parity of losses and gradients: SeaS in its three forms, AdamW on them, the mask network, and the other methods.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ATTENTION_FORMS, type AttentionForm } from '../../../src/core/recipes/seas/attention-maps.ts';
import { type CheckResult, checkAbsolute, checkRelMax, notRun, TOLERANCE } from '../check.ts';
import { draemChecks } from '../draem-checks.ts';
import { openGolden, readJson } from '../golden.ts';
import { checkGradient, checkSummary, type GradientLimits, norm, type Summary } from '../gradient-checks.ts';
import { METHOD_CHECKS } from '../method-checks.ts';
import { rmpChecks } from '../rmp-checks.ts';
import { adamwChecks } from '../seas-adamw.ts';
import { type SeasBatch, type SeasProgram, seasBatch, seasProgram, TOKENS } from '../seas-program.ts';

export const AREA = 'gradients';
const LIMITS: GradientLimits = {
  limit: TOLERANCE.seasGradient,
  tinyLimit: TOLERANCE.seasGradientTiny,
  tinyNorm: 1e-3,
  zero: 1e-7,
};
/** What float16 can hold of a tensor scaled to largest value 1. */
const HALF_LIMITS: GradientLimits = { ...LIMITS, limit: 1e-3 };

/** Checks by file name without its ending. */
const OTHERS: Readonly<Record<string, (dir: string, label: string) => AsyncIterable<CheckResult>>> = {
  ...METHOD_CHECKS,
  draem: draemChecks,
};
/** Files of the other checks, and what the reference says about itself. */
const KNOWN = /^(seas_|rmp$|rmp_grad$|draem_weights|report)/;

interface FormJson {
  readonly loss: number;
  readonly grad_global_norm: number;
  readonly grad_norm_unet: number;
  readonly grad_norm_token_embedding: number;
  readonly per_parameter_norm_sum_maxabs: Readonly<Record<string, Summary>>;
}

/** Inputs made on the host against those of the file. */
function* inputChecks(batch: SeasBatch): Generator<CheckResult> {
  const { golden, feeds, masks } = batch;
  yield checkRelMax(AREA, 'seas_batch/z_t', feeds.z_t, golden.float32('z_t'), TOLERANCE.network);
  for (const [scale, mask] of masks) {
    const name = scale === 1 ? 'M_latent' : `M_${scale}`;
    yield checkAbsolute(AREA, `seas_batch/${name}`, mask.data, golden.float32(name), 1e-6);
  }
}

/** Gradients tensor by tensor, where the folder has them. Half-precision ones are scaled to largest value 1. */
function* gradientFile(
  dir: string,
  form: AttentionForm,
  gradientOf: (name: string) => ArrayLike<number>,
  summaries: FormJson['per_parameter_norm_sum_maxabs'],
): Generator<CheckResult> {
  const path = `gradients/seas_grad_${form}.safetensors`;
  if (!existsSync(join(dir, path))) return;
  const golden = openGolden(dir, path);
  for (const name of golden.names) {
    const half = golden.isHalf(name);
    const scale = half ? summaries[name][2] : 1;
    const gold = golden.float32(name).map((v) => v * scale);
    const limits = half ? HALF_LIMITS : LIMITS;
    yield checkGradient(`seas_${form}/grad.${name}`, gradientOf(name), gold, limits);
  }
  golden.close();
}

async function* seasForm(
  dir: string,
  form: AttentionForm,
  batch: SeasBatch,
  program: SeasProgram,
): AsyncGenerator<CheckResult> {
  const json = readJson<FormJson & Record<string, unknown>>(dir, `gradients/seas_${form}.json`);
  const { parameters } = batch;
  const got = await program.executable.run({
    ...batch.feeds,
    ...program.frozen,
    ...program.trainable(parameters),
  });
  const label = `seas_${form}`;
  for (const term of ['loss', 'L_df', 'L_NA', ...batch.scales.map((scale) => `DA_${scale}`)])
    yield checkAbsolute(AREA, `${label}/${term}`, got[term], [Number(json[term])], TOLERANCE.seasLoss);
  const gold = batch.golden.float32('prediction');
  yield checkRelMax(AREA, `${label}/prediction`, got.prediction, gold, TOLERANCE.network);
  const maps = openGolden(dir, `gradients/seas_maps_${form}.safetensors`);
  for (const name of maps.names)
    yield checkRelMax(AREA, `${label}/${name}`, got[name], maps.float32(name), TOLERANCE.network);
  maps.close();
  const gradientOf = (name: string): ArrayLike<number> =>
    got[`grad.${name}`] ?? new Float32Array(parameters[name]?.length ?? 0);
  const norms = Object.keys(parameters).map((name) => [name, norm(gradientOf(name))] as const);
  const all = norm(norms.map(([, n]) => n));
  const tokens = norm(gradientOf(TOKENS));
  const net = norm(norms.filter(([name]) => name !== TOKENS).map(([, n]) => n));
  yield checkRelMax(AREA, `${label}/global_norm`, [all], [json.grad_global_norm], LIMITS.limit);
  yield checkRelMax(AREA, `${label}/norm_unet`, [net], [json.grad_norm_unet], LIMITS.limit);
  yield checkRelMax(AREA, `${label}/norm_tokens`, [tokens], [json.grad_norm_token_embedding], LIMITS.limit);
  for (const [name, summary] of Object.entries(json.per_parameter_norm_sum_maxabs))
    yield checkSummary(`${label}/summary.${name}`, gradientOf(name), summary, LIMITS);
  yield* gradientFile(dir, form, gradientOf, json.per_parameter_norm_sum_maxabs);
}

async function* seas(dir: string): AsyncGenerator<CheckResult> {
  const batch = seasBatch(dir);
  yield* inputChecks(batch);
  for (const form of ATTENTION_FORMS) {
    if (!existsSync(join(dir, `gradients/seas_${form}.json`))) {
      yield notRun(AREA, `seas_${form}`, 'the folder has no such file');
      continue;
    }
    const program = await seasProgram(batch, form);
    yield* seasForm(dir, form, batch, program);
    yield* adamwChecks(dir, form, batch, program);
    await program.executable.release();
  }
  batch.golden.close();
}

export async function* run(dir: string): AsyncGenerator<CheckResult> {
  yield* seas(dir);
  yield* rmpChecks(dir);
  for (const [name, checks] of Object.entries(OTHERS)) {
    if (existsSync(join(dir, `gradients/${name}.safetensors`))) yield* checks(dir, name);
    else yield notRun(AREA, name, 'the folder has no such file');
  }
  for (const file of readdirSync(join(dir, 'gradients'))) {
    const name = file.replace(/\..*$/, '');
    if (!KNOWN.test(name) && !OTHERS[name]) yield notRun(AREA, file, 'no check knows this file');
  }
}
