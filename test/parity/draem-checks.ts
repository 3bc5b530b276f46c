// Parity of DRAEM: both passes, losses, gradients with and without a detached reconstruction, running statistics.

import { gradients } from '../../src/core/autodiff/gradients.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Value } from '../../src/core/graph/value.ts';
import { pooledMaxScore } from '../../src/core/metrics/image-score.ts';
import { isTrained, type NormMode } from '../../src/core/nets/batch-norm-layer.ts';
import { type DraemConfig, draem } from '../../src/core/nets/draem.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { weakFocalLoss } from '../../src/core/recipes/anogen/weak-focal.ts';
import { draemLoss } from '../../src/core/recipes/draem/losses.ts';
import type { TensorData } from '../../src/engine/runtime/executable.ts';
import { type CheckResult, checkAbsolute, checkRelMax, notRun, TOLERANCE } from './check.ts';
import { type Golden, openGolden, readJson } from './golden.ts';
import { checkGradient, checkSummary, type GradientLimits, type Summary } from './gradient-checks.ts';
import { type Feeds, parameterFeeds, runOnce, type Weights } from './models.ts';

const AREA = 'gradients';
/** `zero`: a bias before a batch norm has no gradient; float32 leaves rounding of the whole (norm about 3). */
const LIMITS: GradientLimits = {
  limit: TOLERANCE.otherGradient,
  tinyLimit: TOLERANCE.otherGradient,
  tinyNorm: 0,
  zero: 1e-6,
};
const WEAK = /^weak_focal_tau_([\d.]+)$/;

type Summaries = Readonly<Record<string, Summary>>;
interface DraemJson {
  readonly per_parameter_norm_sum_maxabs: Summaries;
  readonly with_detached_reconstruction: Summaries;
  readonly running_after_norm_sum_maxabs: Summaries;
  readonly eval_loss: number;
  readonly [term: string]: unknown;
}

interface Pass {
  readonly s: Scope;
  readonly loss: Value;
  readonly outputs: Record<string, Value>;
}

/** One pass on the file's inputs: loss terms, reconstruction, logits and the defect probability. */
function build(
  golden: Golden,
  config: DraemConfig,
  mode: NormMode,
  options: { readonly detach?: boolean; readonly weak?: readonly string[] } = {},
): Pass {
  const b = new Builder();
  const s = new Scope(b);
  const [image, augmented, mask] = ['in.image', 'in.augmented', 'in.mask'].map((name) =>
    b.input(name, golden.shape(name)),
  );
  const { reconstruction, logits, running } = draem(s, augmented, config, mode, options);
  const { loss, terms } = draemLoss(b, { picture: image, reconstruction, logits, mask });
  const probabilities = b.softmax(logits, 1);
  const outputs: Record<string, Value> = { loss, ...terms, reconstruction, logits };
  outputs.probability = b.narrow(probabilities, 1, 1, 1);
  for (const name of options.weak ?? []) {
    const threshold = Number(WEAK.exec(name)?.[1]);
    outputs[name] = weakFocalLoss(b, probabilities, mask, { threshold });
  }
  for (const [name, value] of Object.entries(running)) outputs[`running.${name}`] = value;
  return { s, loss, outputs };
}

function withGradients({ s, loss, outputs }: Pass): Record<string, Value> {
  const trained = [...s.table].filter(([name]) => isTrained(name));
  const values = gradients(
    s.b,
    loss,
    trained.map(([, value]) => value),
  );
  trained.forEach(([name], i) => {
    const value = values[i];
    if (value) outputs[`grad.${name}`] = value;
  });
  return outputs;
}

function run(pass: Pass, golden: Golden, weights: Weights): Promise<Record<string, TensorData>> {
  const feeds: Feeds = { ...parameterFeeds(pass.s.table, weights) };
  for (const name of golden.names) if (name.startsWith('in.')) feeds[name] = golden.float32(name);
  return runOnce(pass.outputs, feeds);
}

function* summaries(
  label: string,
  gold: Summaries,
  got: Readonly<Record<string, TensorData>>,
  prefix: string,
) {
  for (const [name, summary] of Object.entries(gold)) {
    const value = got[`${prefix}${name}`];
    if (value) yield checkSummary(`${label}.${name}`, value, summary, LIMITS);
    else yield notRun(AREA, `${label}.${name}`, 'no such value');
  }
}

async function* training(
  golden: Golden,
  json: DraemJson,
  config: DraemConfig,
  weights: Weights,
): AsyncGenerator<CheckResult> {
  const weak = Object.keys(json).filter((name) => WEAK.test(name));
  const pass = build(golden, config, 'batch', { weak });
  withGradients(pass);
  const got = await run(pass, golden, weights);
  for (const name of ['loss', 'mse', 'ssim', 'focal', ...weak])
    yield checkAbsolute(AREA, `draem/${name}`, got[name], [Number(json[name])], TOLERANCE.seasLoss);
  for (const name of ['reconstruction', 'logits'])
    yield checkRelMax(AREA, `draem/${name}`, got[name], golden.float32(name), TOLERANCE.network);
  for (const name of golden.names.filter((n) => n.startsWith('grad.')))
    yield checkGradient(`draem/${name}`, got[name] ?? [], golden.float32(name), LIMITS);
  yield* summaries('draem/summary', json.per_parameter_norm_sum_maxabs, got, 'grad.');
  yield* summaries('draem/running', json.running_after_norm_sum_maxabs, got, 'running.');

  const detached = build(golden, config, 'batch', { detach: true });
  withGradients(detached);
  const apart = await run(detached, golden, weights);
  yield* summaries('draem/detached', json.with_detached_reconstruction, apart, 'grad.');
}

/** The pass with running statistics, and the score of each picture. */
async function* evaluation(
  golden: Golden,
  json: DraemJson,
  config: DraemConfig,
  weights: Weights,
): AsyncGenerator<CheckResult> {
  const got = await run(build(golden, config, 'running'), golden, weights);
  yield checkAbsolute(AREA, 'draem/eval_loss', got.loss, [json.eval_loss], TOLERANCE.seasLoss);
  for (const name of ['reconstruction', 'probability'])
    yield checkRelMax(
      AREA,
      `draem/eval.${name}`,
      got[name],
      golden.float32(`eval.${name}`),
      TOLERANCE.network,
    );
  const [items, , height, width] = golden.shape('eval.probability');
  const size = height * width;
  const scores = Array.from({ length: items }, (_, i) => {
    const map = (got.probability as Float32Array).subarray(i * size, (i + 1) * size);
    return pooledMaxScore(map, width, height);
  });
  yield checkRelMax(AREA, 'draem/image_score', scores, golden.float32('image_score'), TOLERANCE.network);
}

export async function* draemChecks(dir: string): AsyncGenerator<CheckResult> {
  const json = readJson<DraemJson>(dir, 'gradients/draem.json');
  const golden = openGolden(dir, 'gradients/draem.safetensors');
  const stored = openGolden(dir, 'gradients/draem_weights_fp16.safetensors');
  const weights: Weights = {};
  for (const name of stored.names) weights[name] = stored.float32(name);
  const width = (net: string): number => stored.shape(`${net}.block.0.0.weight`)[0];
  const config = { reconstructive: width('reconstructive'), discriminative: width('discriminative') };
  yield* training(golden, json, config, weights);
  yield* evaluation(golden, json, config, weights);
  for (const name of golden.unread()) yield notRun(AREA, `draem/${name}`, 'no check reads this tensor');
  golden.close();
  stored.close();
}
