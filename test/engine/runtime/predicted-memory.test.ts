// Predicted against measured: a training step in a process of its own, plain and with activations computed again.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { programMemory, runBytes } from '../../../src/core/memory/predict.ts';
import { blocksProgram } from './blocks-program.ts';

const run = promisify(execFile);
const child = fileURLToPath(new URL('./blocks-child.ts', import.meta.url));

const taken: number[] = [];
for (const recompute of [false, true]) {
  test(`within 25 % of the process, ${recompute ? 'computed again' : 'all kept'}`, async () => {
    const { stdout } = await run(process.execPath, [child, String(recompute)]);
    const { base, peak } = JSON.parse(stdout) as { base: number; peak: number };
    const predicted = base + runBytes(programMemory(blocksProgram(recompute)));
    assert.ok(Math.abs(predicted / peak - 1) < 0.25, `${predicted} predicted, ${peak} measured`);
    taken.push(peak - base);
  });
}

test('computing again takes less than two thirds', () => {
  assert.ok(taken[1] < (2 / 3) * taken[0], `${taken[1]} of ${taken[0]}`);
});
