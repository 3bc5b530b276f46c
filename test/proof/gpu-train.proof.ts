// The pack's and SeaS's training step on the graphics card for ten steps, and sampling, against the CPU. Minutes to
// an hour on a software adapter.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { namedRng } from '../../src/core/base/rng.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { TensorType } from '../../src/core/graph/op.ts';
import { parseClipTextConfig } from '../../src/core/nets/clip-text-model.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../src/core/nets/unet-2d-condition.ts';
import { LATENT } from '../../src/core/recipes/pack/condition.ts';
import { denoise, denoiseInputs } from '../../src/core/recipes/pack/denoise-loss.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../src/core/recipes/pack/pack-config.ts';
import { joinTables } from '../../src/core/recipes/seas/window-program.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';
import { compile } from '../../src/engine/runtime/executable.ts';
import { GpuProcess } from '../../src/engine/runtime/webgpu-process.ts';
import { GpuTrainStep } from '../../src/engine/training/gpu-train-step.ts';
import { unetProgram } from '../../src/engine/training/pack/train-unet.ts';
import { type StepProgram, TrainStep } from '../../src/engine/training/train-step.ts';
import { testGpu } from '../engine/support/test-gpu.ts';
import { SMALL_WORDS, smallSeasProgram } from './small-seas.ts';

const STEPS = 10;
const RATE = 8e-4;
const found = await testGpu();
const skip = 'skip' in found && found.skip;
const gpu = 'env' in found ? new GpuProcess({ env: found.env }) : null;
after(() => gpu?.close());

type Arrays = Record<string, Float32Array>;

/** Random numbers for every input that is no parameter; ids below `words`. */
function batchFor(
  inputs: Readonly<Record<string, TensorType>>,
  parameters: ReadonlyMap<string, unknown>,
  words: number,
  step: number,
) {
  const rng = namedRng(step, 'batch');
  const numbers = (name: string, size: number) => {
    const out = new Float32Array(size);
    if (name === 'timestep') return out.map(() => rng.int(1000));
    if (name === 'weight') return out.fill(1);
    return /^(mask_|selection)/.test(name) ? out.map(() => rng.int(2)) : rng.fillNormal(out);
  };
  const wanted = Object.entries(inputs).filter(([name]) => !parameters.has(name));
  return Object.fromEntries(
    wanted.map(([name, { shape, dtype }]) => {
      const size = sizeOf(shape);
      const ids = () => Int32Array.from({ length: size }, () => rng.int(words));
      return [name, dtype === 'int32' ? ids() : numbers(name, size)];
    }),
  );
}

interface Difference {
  /** Largest over all weights, and the root of the mean square. */
  readonly most: number;
  readonly rms: number;
}

function difference(a: Arrays, b: Arrays): Difference {
  let [most, squares, count] = [0, 0, 0];
  for (const [name, values] of Object.entries(a)) {
    for (let i = 0; i < values.length; i++) {
      const d = Math.abs(values[i] - b[name][i]);
      most = Math.max(most, d);
      squares += d * d;
    }
    count += values.length;
  }
  return { most, rms: Math.sqrt(squares / count) };
}

async function compare(program: StepProgram, words: number, say: (text: string) => void): Promise<void> {
  const start = () => initialWeights(new Map(program.parameters), (name) => namedRng(1, name));
  const options = { betas: [0.9, 0.99] as const, maxNorm: 1 };
  const onCpu = await TrainStep.create(program, start(), { ...options, compile: { threads: 1 } });
  const onGpu = await GpuTrainStep.create(gpu as GpuProcess, program, start(), options);
  for (let i = 0; i < STEPS; i++) {
    const batch = batchFor(onCpu.lanes.inputs, program.parameters, words, i);
    const expected = await onCpu.step(batch, () => RATE);
    const result = await onGpu.step(batch, () => RATE);
    say(
      `step ${i + 1}: loss ${result.loss}, CPU ${expected.loss}; norm ${result.gradNorm}, ${expected.gradNorm}`,
    );
    assert.ok(Math.abs(result.loss / expected.loss - 1) < 1e-4, `loss ${result.loss}, CPU ${expected.loss}`);
  }
  await onGpu.download();
  const weights = difference(onCpu.weights, onGpu.weights as Arrays);
  say(`weights after ${STEPS} steps: largest difference ${weights.most}, root mean square ${weights.rms}`);
  // Adam divides by the gradient's own size: single weights whose gradient is rounding noise move freely by the rate.
  assert.ok(weights.rms < 1e-5, `root mean square ${weights.rms}`);
  assert.ok(weights.most < STEPS * RATE, `largest ${weights.most}`);
  await onCpu.release();
  await onGpu.release();
}

test('ten training steps of the pack equal the CPU', { skip }, (t) =>
  compare(unetProgram(1), PACK_TEXT_JSON.vocab_size, (text) => t.diagnostic(text)),
);

test('ten SeaS steps of a small network equal the CPU', { skip }, (t) =>
  compare(smallSeasProgram(), SMALL_WORDS, (text) => t.diagnostic(text)),
);

test('the U-Net of the pack predicts what it predicts on the CPU, at several noise levels', {
  skip,
}, async (t) => {
  const { sample, parameters } = packUnet();
  const weights = initialWeights(new Map(parameters), (name) => namedRng(2, name));
  const onCpu = await compile({ outputs: { prediction: sample } }, { threads: 1 });
  const onGpu = await compile({ outputs: { prediction: sample } }, { threads: 1, gpu: gpu as GpuProcess });
  await onCpu.hold(weights);
  await onGpu.hold(weights);
  for (let i = 0; i < 3; i++) {
    const batch = batchFor(onCpu.inputs, parameters, PACK_TEXT_JSON.vocab_size, i);
    const want = (await onCpu.run(batch)).prediction as Float32Array;
    const got = (await onGpu.run(batch)).prediction;
    const scale = want.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    const most = want.reduce((m, v, k) => Math.max(m, Math.abs(v - got[k])), 0);
    t.diagnostic(`largest difference ${most} of values up to ${scale}`);
    assert.ok(most < 1e-4 * scale);
  }
  await onCpu.release();
  await onGpu.release();
});

/** The network as sampling runs it. */
function packUnet() {
  const b = new Builder();
  const [unetScope, textScope] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const networks = {
    unet: parseUnetConfig(PACK_UNET_JSON),
    text: parseClipTextConfig(PACK_TEXT_JSON),
    addedTokens: 0,
  };
  const inputs = denoiseInputs(b, 1, networks.unet, LATENT, networks.text.maxPositions);
  const { sample } = denoise(unetScope, textScope, inputs, networks);
  return { sample, parameters: joinTables(unetScope, textScope) };
}
