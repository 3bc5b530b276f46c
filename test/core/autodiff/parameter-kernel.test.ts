// The WebAssembly kernel: its bytes are those of its text, and its passes are the plain loops.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleKernel } from '../../../scripts/build-kernel.ts';
import { KERNEL_BASE64 } from '../../../src/core/autodiff/kernel/bytes.ts';
import { moveAverage, sumGradients } from '../../../src/core/autodiff/kernel/parameter-kernel.ts';

test('the shipped bytes are made from the text beside them', async () => {
  assert.equal(Buffer.from(await assembleKernel()).toString('base64'), KERNEL_BASE64);
});

for (const length of [1, 3, 4, 8191, 8192, 8193, 20_000]) {
  test(`sums and averages of ${length} numbers`, () => {
    const of = (f: (i: number) => number) => Float32Array.from({ length }, (_, i) => f(i));
    const [a, b, c] = [of((i) => i % 7), of((i) => -(i % 5)), of((i) => i % 3)];
    const squares = a.reduce((sum, v, i) => sum + (v + b[i] + c[i]) ** 2, 0);
    const expected = a.map((v, i) => v + b[i] + c[i]);
    assert.equal(sumGradients(a, [b, c]), squares);
    assert.deepEqual(a, expected);
    const average = of((i) => i % 4);
    const moved = average.map((v, i) => v + 0.25 * (b[i] - v));
    moveAverage(average, b, 0.25);
    assert.deepEqual(average, moved);
  });
}
