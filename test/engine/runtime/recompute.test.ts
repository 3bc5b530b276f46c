// Recomputed gradients on ONNX Runtime: its optimiser must not merge the copies away, nor change a number.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { recomputedGradients } from '../../../src/core/autodiff/recompute.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { fold } from '../../../src/core/graph/passes/fold.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { compile } from '../../../src/engine/runtime/executable.ts';
import { skipNetwork } from '../../core/autodiff/skip-network.ts';

test('ONNX Runtime gives the gradients of the plain program', async () => {
  const run = async (recomputed: boolean) => {
    const b = new Builder();
    const { loss, parameters, boundaries, feeds } = skipNetwork(b, 8, 8);
    const found = recomputed
      ? recomputedGradients(b, loss, parameters, boundaries)
      : gradients(b, loss, parameters);
    const outputs = Object.fromEntries(found.map((g, i) => [`g${i}`, g as Value]));
    const executable = await compile(fold({ outputs: { loss, ...outputs } }), { threads: 1 });
    const results = await executable.run(feeds);
    await executable.release();
    return results;
  };
  const [plain, again] = [await run(false), await run(true)];
  for (const [name, want] of Object.entries(plain)) {
    const scale = Math.max(...Array.from(want, Math.abs));
    again[name].forEach((v, i) => {
      assert.ok(Math.abs(v - want[i]) <= 1e-6 * scale, `${name}[${i}]: ${v}, plain ${want[i]}`);
    });
  }
});
