// npm run bench:growth: resident memory over 1,000 training steps of the embedded pack, in lanes as the product runs
// them; prints the slope after warm-up, which must stay below 10 kB a step.
//
//   npm run bench:growth -- [--steps N] [--threads N] [--rows N]

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { namedRng } from '../../src/core/base/rng.ts';
import { stepPlans } from '../../src/core/memory/plan.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import { denoiseBatch } from '../../src/core/recipes/pack/condition.ts';
import type { TensorData } from '../../src/engine/runtime/executable.ts';
import { unetProgram } from '../../src/engine/training/pack/train-unet.ts';
import { TrainStep } from '../../src/engine/training/train-step.ts';
import { mib, residentBytes } from './process-memory.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000' },
    threads: { type: 'string', default: String(availableParallelism()) },
    rows: { type: 'string', default: '2' },
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

const [plan] = stepPlans([2], threads);
const program = unetProgram(rows / plan.parts);
const weights = initialWeights(program.parameters, (name) => namedRng(0, name));
const step = await TrainStep.create(program, weights, { maxNorm: 1, compile: { threads }, ...plan });
const batches = Array.from({ length: plan.parts }, () => denoiseBatch(rows / plan.parts));
const resident: number[] = [];
for (let i = 0; i < steps; i++) {
  const rng = namedRng(0, `step ${i}`);
  for (const { sample, target } of batches) for (const a of [sample, target]) rng.fillNormal(a);
  await step.step(batches as unknown as Record<string, TensorData>[], () => 1e-4);
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
