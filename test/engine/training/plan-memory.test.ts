// The plan of a fine-tune of the embedded pack: the usual one where there is room, thriftier ones where there is less.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src/core/base/errors.ts';
import { FIRST_LOWERING } from '../../../src/core/onnx/emit.ts';
import { divided, partsOf, rowsFor } from '../../../src/engine/training/seas/fine-tune-program.ts';
import { planFineTune } from '../../../src/engine/training/seas/plan-memory.ts';
import { SEAS_PRESETS } from '../../../src/engine/training/seas/preset.ts';

const GIB = 2 ** 30;
const planned = (budget: number, adapterRank = 0) =>
  planFineTune({
    packPath: fileURLToPath(new URL('../../../resources/pack', import.meta.url)),
    preset: SEAS_PRESETS.quick,
    adapterRank,
    types: 2,
    hasNormals: true,
    threads: 2,
    choice: FIRST_LOWERING,
    budget,
  });

test('rows are divided evenly, in two where possible', () => {
  const rows = rowsFor(SEAS_PRESETS.quick, true);
  assert.deepEqual(partsOf(rows), [2, 1]);
  assert.deepEqual(divided(rows, 2), { windows: 2, anomalies: 1, normals: 1 });
  assert.deepEqual(rowsFor(SEAS_PRESETS.quick, false), { windows: 6, anomalies: 2, normals: 0 });
  assert.deepEqual(partsOf({ windows: 3, anomalies: 2, normals: 0 }), [1]);
});

test('with room the step is as it always was', () => {
  const { plan, bytes } = planned(8 * GIB);
  assert.deepEqual(plan, { parts: 2, lanes: 2, form: { recompute: false, attentionBytes: null } });
  assert.ok(bytes > 0.5 * GIB && bytes < 2 * GIB);
});

test('with less room it takes less, and says no more than it is allowed', () => {
  const usual = planned(8 * GIB);
  const tight = planned(1.05 * usual.bytes);
  assert.ok(tight.bytes < usual.bytes);
  assert.notDeepEqual(tight.plan, usual.plan);
});

test('adapters need less than the whole network', () => {
  assert.ok(planned(8 * GIB, 8).bytes < planned(8 * GIB).bytes);
});

test('what cannot fit is refused with what would do', () => {
  assert.throws(
    () => planned(0.1 * GIB),
    (error) =>
      error instanceof AppError && error.code === 'usage' && /at least 0\.\d\d GiB/.test(error.message),
  );
});
