// Ops that have a way of their own on the graphics card, against the reference interpreter; no node may fall back.
// All ops with their gradients: npm run proof:gpu.

import { after, test } from 'node:test';
import { GpuProcess } from '../../../src/engine/runtime/webgpu-process.ts';
import { OP_CASES } from '../../core/graph/op-cases.ts';
import { testGpu } from '../support/test-gpu.ts';
import { checkOnGpu } from '../support/webgpu-op-check.ts';

const OWN_WAY =
  /^(conv2d 1x1, padded|convWeightGrad 1x1, padded|normalizeRows, small|rowRstd|sign|scatterRows)/;

const found = await testGpu();
const skip = 'skip' in found && found.skip;
const gpu = 'env' in found ? new GpuProcess({ env: found.env }) : null;
after(() => gpu?.close());

for (const c of OP_CASES.filter(({ name }) => OWN_WAY.test(name))) {
  test(`WebGPU agrees on ${c.name}`, { skip }, () => checkOnGpu(gpu as GpuProcess, c, 'value'));
}
