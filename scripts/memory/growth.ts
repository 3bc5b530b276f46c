// npm run bench:growth: resident memory over 1,000 training steps of the embedded pack, in lanes as the product runs
// them; prints the slope after warm-up, which must stay below 10 kB a step.
//
//   npm run bench:growth -- [--steps N] [--threads N] [--rows N] [--small]
// --small takes a U-Net of the same form with a quarter of the channels on 8x8 latents. The npm script keeps the
// young generations of the three JavaScript heaps at 1 MB: their sizes wander by some 10 MB each, leak or no leak.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { namedRng } from '../../src/core/base/rng.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import { inputName, topologicalOrder, type Value } from '../../src/core/graph/value.ts';
import { stepPlans } from '../../src/core/memory/plan.ts';
import { parseClipTextConfig } from '../../src/core/nets/clip-text-model.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../src/core/nets/unet-2d-condition.ts';
import { denoise, denoiseInputs } from '../../src/core/recipes/pack/denoise-loss.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../src/core/recipes/pack/pack-config.ts';
import { joinTables } from '../../src/core/recipes/seas/window-program.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';
import type { TensorData } from '../../src/engine/runtime/executable.ts';
import { unetProgram } from '../../src/engine/training/pack/train-unet.ts';
import { type StepProgram, TrainStep } from '../../src/engine/training/train-step.ts';
import { mib, residentBytes } from './process-memory.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000' },
    threads: { type: 'string', default: String(availableParallelism()) },
    rows: { type: 'string', default: '2' },
    small: { type: 'boolean', default: false },
  },
});
const [steps, threads, rows] = [values.steps, values.threads, values.rows].map(Number);
const MOST_KB = 10;
/** Share of the steps that is left out: arenas, compiled code and heaps grow to their size. */
const WARM_UP = 0.2;

/** Least-squares slope of y over its index. */
function slope(y: readonly number[]): number {
  const [n, middle] = [y.length, (y.length - 1) / 2];
  const mean = y.reduce((a, v) => a + v, 0) / n;
  const along = y.reduce((a, v, i) => a + (i - middle) * (v - mean), 0);
  return along / y.reduce((a, _, i) => a + (i - middle) ** 2, 0);
}

/** Arrays for all inputs but the weights. */
function inputsOf(loss: Value): Record<string, TensorData> {
  const inputs = topologicalOrder([loss]).filter((v) => v.op === 'input' && !inputName(v).includes('/'));
  const arrays = inputs.map((v): [string, TensorData] => {
    const size = sizeOf(v.shape);
    return [inputName(v), v.dtype === 'int32' ? new Int32Array(size) : new Float32Array(size).fill(1)];
  });
  return Object.fromEntries(arrays);
}

function smallProgram(batch: number): StepProgram {
  const b = new Builder();
  const [unetScope, textScope] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const channels = PACK_UNET_JSON.block_out_channels.map((c) => c / 4);
  const json = { ...PACK_UNET_JSON, block_out_channels: channels, norm_num_groups: 4 };
  const networks = { unet: parseUnetConfig(json), text: parseClipTextConfig(PACK_TEXT_JSON), addedTokens: 0 };
  const inputs = denoiseInputs(b, batch, networks.unet, 8, 8);
  const { sample } = denoise(unetScope, textScope, inputs, networks);
  const target = b.input('target', sample.shape);
  const loss = b.mean(b.square(b.sub(sample, target)), 'all');
  return { b, loss, terms: {}, parameters: joinTables(unetScope, textScope) };
}

const [plan] = stepPlans([2], threads);
const program = values.small ? smallProgram(rows / plan.parts) : unetProgram(rows / plan.parts);
const weights = initialWeights(new Map<string, Value>(program.parameters), (name) => namedRng(0, name));
const step = await TrainStep.create(program, weights, { maxNorm: 1, compile: { threads }, ...plan });
const batches = Array.from({ length: plan.parts }, () => inputsOf(program.loss));
const resident: number[] = [];
for (let i = 0; i < steps; i++) {
  const rng = namedRng(0, `step ${i}`);
  for (const { sample, target } of batches)
    for (const a of [sample, target]) rng.fillNormal(a as Float32Array);
  await step.step(batches, () => 1e-4);
  resident.push(residentBytes());
  if ((i + 1) % 100 === 0) process.stderr.write(`${i + 1} steps, ${mib(resident[i])}\n`);
}
await step.release();
const measured = resident.slice(Math.floor(WARM_UP * steps));
const kilobytes = slope(measured) / 1000;
const result = {
  steps,
  threads,
  rows,
  kilobytesPerStep: kilobytes,
  first: mib(measured[0]),
  last: mib(resident[steps - 1]),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = kilobytes < MOST_KB ? 0 : 1;
