// Every op and its gradients on the graphics card, against the reference interpreter; no node may fall back.

import { after, test } from 'node:test';
import { GpuProcess } from '../../src/engine/runtime/webgpu-process.ts';
import { OP_CASES } from '../core/graph/op-cases.ts';
import { testGpu } from '../engine/support/test-gpu.ts';
import { checkOnGpu } from '../engine/support/webgpu-op-check.ts';

const found = await testGpu();
const skip = 'skip' in found && found.skip;
const gpu = 'env' in found ? new GpuProcess({ env: found.env }) : null;
after(() => gpu?.close());

for (const c of OP_CASES) {
  test(`WebGPU agrees on ${c.name}`, { skip }, () => checkOnGpu(gpu as GpuProcess, c, 'gradients'));
}
