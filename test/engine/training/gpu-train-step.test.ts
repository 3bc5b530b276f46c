// The training step on the graphics card against the one on the CPU: equal numbers, state that stays there, and what
// is left when the device goes away.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { emaDecay, updateEma } from '../../../src/core/autodiff/rates.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { GpuLost, GpuProcess } from '../../../src/engine/runtime/webgpu-process.ts';
import { checkpointBytes, restoreCheckpoint } from '../../../src/engine/training/checkpoint-file.ts';
import { GpuTrainStep } from '../../../src/engine/training/gpu-train-step.ts';
import { type StepProgram, TrainStep } from '../../../src/engine/training/train-step.ts';
import { testGpu } from '../support/test-gpu.ts';
import { smallBatch, smallStep, smallWeights, TABLE } from './small-step.ts';

const found = await testGpu();
const skip = 'skip' in found && found.skip;
const started: GpuProcess[] = [];
const start = () => {
  started.push(new GpuProcess({ env: (found as { env: NodeJS.ProcessEnv }).env }));
  return started.at(-1) as GpuProcess;
};
after(async () => {
  for (const gpu of started) await gpu.close();
});

type Arrays = Readonly<Record<string, Float32Array>>;

function largestDifference(a: Arrays, b: Arrays): number {
  let most = 0;
  for (const [name, values] of Object.entries(a))
    values.forEach((v, i) => {
      most = Math.max(most, Math.abs(v - b[name][i]));
    });
  return most;
}

/** y = x w + b + shift, with a frozen input, a running mean, and parameters in two rate groups. */
function line(): StepProgram {
  const b = new Builder();
  const [x, y] = [b.input('x', [8, 3]), b.input('y', [8, 1])];
  const [w, bias] = [b.input('net/w', [3, 1]), b.input('net/b', [1])];
  const error = b.sub(b.add(b.add(b.matmul(x, w), bias), b.input('shift', [1])), y);
  const seen = b.add(b.mul(b.input('seen', [3]), 0.9), b.mul(b.mean(x, [0]), 0.1));
  return {
    b,
    loss: b.mean(b.square(error), 'all'),
    terms: { worst: b.max(b.abs(error), 'all') },
    parameters: new Map([
      ['w', w],
      ['b', bias],
    ]),
    state: { seen },
  };
}

const lineWeights = () => ({ w: Float32Array.of(0.1, 0.2, 0.3), b: Float32Array.of(-1) });
const SHIFT = { shift: Float32Array.of(0.5) };
const OPTIONS = { betas: [0.9, 0.99] as const, maxNorm: 1, weightDecay: 0.1 };
const GROUPS = { rateGroup: (name: string) => name };
const rates = (name: string) => (name === 'w' ? 0.05 : 0.01);

function lineBatch(step: number) {
  const rng = namedRng(step, 'line');
  const normal = (n: number) => rng.fillNormal(new Float32Array(n));
  return { x: normal(24), y: normal(8), seen: Float32Array.of(1, 2, 3) };
}

async function lineStep(gpu: GpuProcess, options: object = {}) {
  const step = await GpuTrainStep.create(gpu, line(), lineWeights(), { ...OPTIONS, ...GROUPS, ...options });
  await step.hold(SHIFT);
  return step;
}

test('ten steps of a small network equal the CPU', { skip }, async () => {
  const program = smallStep();
  const { [TABLE]: table, ...rest } = smallWeights(program);
  const [word, ...frozen] = [TABLE, 'norm.weight', 'norm.bias'];
  const parameters = new Map([...program.parameters].filter(([name]) => !frozen.includes(name)));
  const fixed = Object.fromEntries(frozen.map((name) => [name, rest[name]]));
  const own = () =>
    Object.fromEntries([...parameters.keys()].map((n) => [n, (n === word ? table : rest[n]).slice()]));
  const trained = { ...program, parameters };
  const cpu = await TrainStep.create(trained, own(), { ...OPTIONS, compile: { threads: 1 } });
  const gpu = await GpuTrainStep.create(start(), trained, own(), {
    ...OPTIONS,
    rateGroup: (name) => (name === TABLE ? 'tokens' : 'networks'),
  });
  await gpu.hold(fixed);
  const rate = (name: string) => (name === TABLE ? 1e-2 : 3e-3);
  for (let i = 0; i < 10; i++) {
    const batch = smallBatch(i);
    const expected = await cpu.step({ ...fixed, ...batch }, rate);
    const result = await gpu.step(batch, rate);
    assert.ok(Math.abs(result.loss / expected.loss - 1) < 1e-5, `loss ${result.loss}, CPU ${expected.loss}`);
    assert.ok(Math.abs(result.gradNorm / expected.gradNorm - 1) < 1e-4, `norm ${result.gradNorm}`);
    assert.ok(Math.abs(result.terms.worst / expected.terms.worst - 1) < 1e-4, `term ${result.terms.worst}`);
  }
  await gpu.download();
  const difference = largestDifference(cpu.weights, gpu.weights);
  assert.ok(difference < 1e-4, `weights differ by ${difference}`);
  assert.ok(largestDifference(own(), gpu.weights) > 1e-2, 'they have moved');
  await gpu.release();
  await cpu.release();
});

test('micro-batches, rate groups, statistics and the moving average equal the CPU', { skip }, async () => {
  const cpu = await TrainStep.create(line(), lineWeights(), { ...OPTIONS, compile: { threads: 1 } });
  const average = lineWeights();
  const expectedAverage = lineWeights();
  const gpu = await lineStep(start(), { average });
  for (let i = 0; i < 4; i++) {
    const batches = i % 2 ? [lineBatch(i), lineBatch(i + 100)] : [lineBatch(i)];
    const fed = batches.map((b) => ({ ...SHIFT, ...b }));
    const expected = await cpu.step(fed, rates);
    const result = await gpu.step(batches, rates, emaDecay(i + 1));
    updateEma(expectedAverage, cpu.weights, emaDecay(i + 1));
    assert.ok(Math.abs(result.loss - expected.loss) < 1e-5 * expected.loss);
    assert.ok(Math.abs(result.terms.worst - expected.terms.worst) < 1e-5 * expected.terms.worst);
    if (batches.length === 1) assert.ok(largestDifference(expected.state, result.state) < 1e-6);
  }
  await gpu.download();
  assert.ok(largestDifference(cpu.weights, gpu.weights) < 1e-6);
  assert.ok(largestDifference(expectedAverage, average) < 1e-6);
  const moments = (all: TrainStep['optimizer']['moments'], part: 'm' | 'v') =>
    Object.fromEntries(Object.entries(all).map(([name, both]) => [name, both[part]]));
  for (const part of ['m', 'v'] as const) {
    const [one, other] = [cpu, gpu].map((step) => moments(step.optimizer.moments, part));
    assert.ok(largestDifference(one, other) < 1e-6, part);
  }
  await gpu.release();
});

test('a training resumed from a checkpoint goes on bit for bit', { skip }, async () => {
  const process = start();
  const straight = await lineStep(process);
  for (let i = 0; i < 3; i++) await straight.step(lineBatch(i), rates);
  await straight.download();
  const bytes = checkpointBytes(straight);
  for (let i = 3; i < 6; i++) await straight.step(lineBatch(i), rates);
  await straight.download();

  const resumed = await lineStep(process);
  restoreCheckpoint(bytes, resumed);
  for (let i = resumed.optimizer.steps; i < 6; i++) await resumed.step(lineBatch(i), rates);
  await resumed.download();
  assert.equal(resumed.optimizer.steps, 6);
  assert.deepEqual(resumed.weights, straight.weights);
  assert.deepEqual(resumed.optimizer.moments, straight.optimizer.moments);
});

test('a loss that is not finite is refused and the state stays that of the step before', {
  skip,
}, async () => {
  const step = await lineStep(start());
  await step.step(lineBatch(0), rates);
  await step.download();
  const before = step.weights.w.slice();
  const broken = { ...lineBatch(1), y: new Float32Array(8).fill(Number.NaN) };
  await assert.rejects(step.step(broken, rates), /the loss became NaN at step 2/);
  await step.download();
  assert.deepEqual(step.weights.w, before);
  assert.equal(step.optimizer.steps, 1);
  await step.step(lineBatch(1), rates);
  assert.equal(step.optimizer.steps, 2);
});

test('parameters of one group must share their rate', { skip }, async () => {
  const step = await lineStep(start(), { rateGroup: () => 'all' });
  await assert.rejects(step.step(lineBatch(0), rates), /different learning rates/);
});

test('a process that is killed in a step is reported as a lost device, and every later call too', {
  skip,
}, async () => {
  const gpu = start();
  const step = await lineStep(gpu);
  await step.step(lineBatch(0), rates);
  const next = step.step(lineBatch(1), rates);
  process.kill(gpu.pid as number, 'SIGKILL');
  await assert.rejects(next, (error: unknown) => error instanceof GpuLost && /SIGKILL/.test(error.message));
  await assert.rejects(step.download(), GpuLost);
  assert.equal(step.optimizer.steps, 1);
});
