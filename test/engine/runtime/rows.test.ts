// Lanes: rows of a batch side by side give what one session gives for the whole batch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { compileLanes } from '../../../src/engine/runtime/lanes.ts';
import { compileRows, laneCount } from '../../../src/engine/runtime/rows.ts';

/** y = x w, rows of three. */
function program(rows: number) {
  const b = new Builder();
  return { outputs: { y: b.matmul(b.input('x', [rows, 3]), b.input('w', [3, 2])) } };
}

const x = Float32Array.from({ length: 12 }, (_, i) => i);
const w = Float32Array.of(1, 0, 0, 1, 1, -1);

test('lanes are the largest equal shares that the threads can work on', () => {
  const counts = [
    [8, 2],
    [8, 3],
    [6, 4],
    [5, 2],
    [1, 8],
    [4, 1],
  ].map(([rows, threads]) => laneCount(rows, threads));
  assert.deepEqual(counts, [2, 2, 3, 1, 1, 1]);
});

for (const threads of [1, 2, 4]) {
  test(`${threads} threads: rows are divided, weights are not, results are joined and stay`, async (t) => {
    const rows = await compileRows(4, program, { threads });
    t.after(() => rows.release());
    const { y } = await rows.run({ x, w });
    const expected = Array.from({ length: 4 }, (_, i) => [6 * i + 2, -1]).flat();
    assert.deepEqual([...y], expected);
    await rows.run({ x: x.map((v) => -v), w });
    assert.deepEqual([...y], expected);
  });
}

test('feeds that do not fit are told, and the lane goes on', async (t) => {
  const b = new Builder();
  const wrong = { outputs: { y: b.reshape(b.input('x', [4]), [2, 2]) } };
  const lanes = await compileLanes(wrong, 2, { threads: 2 });
  t.after(() => lanes.release());
  await assert.rejects(lanes.runAll([{ x: new Float32Array(3) }]), AppError);
  const [first] = await lanes.runAll([{ x: Float32Array.of(1, 2, 3, 4) }]);
  assert.deepEqual([...first.y], [1, 2, 3, 4]);
});
