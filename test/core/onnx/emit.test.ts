// ONNX bytes: deterministic, with the lowering that was chosen and external data where asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { emitOnnx, type LoweringChoice } from '../../../src/core/onnx/emit.ts';

function program(table = 100) {
  const b = new Builder();
  const [x, w] = [b.input('x', [1, 2, 4, 4]), b.input('w', [3, 2, 1, 1])];
  const scale = b.constant(
    Float32Array.from({ length: table }, (_, i) => i / table),
    [table],
  );
  const loss = b.mul(b.mean(b.gelu(b.conv2d(x, w, null)), 'all'), b.sum(scale, 'all'));
  const [dw] = gradients(b, loss, [w]);
  return { outputs: { loss, dw: dw as Value } };
}

test('the same program gives the same bytes', () => {
  const [first, second] = [emitOnnx(program()), emitOnnx(program())];
  assert.deepEqual(first.bytes, second.bytes);
  assert.notDeepEqual(first.bytes, emitOnnx(program(101)).bytes);
});

test('inputs and outputs are listed with their types', () => {
  const model = emitOnnx(program());
  assert.deepEqual(model.inputs, {
    x: { dtype: 'float32', shape: [1, 2, 4, 4] },
    w: { dtype: 'float32', shape: [3, 2, 1, 1] },
  });
  assert.deepEqual(Object.keys(model.outputs), ['loss', 'dw']);
});

test('the choice is asked for every op with candidates, and must name one', () => {
  const asked: string[] = [];
  const choice: LoweringChoice = {
    choose: (node, candidates) => {
      asked.push(`${node.op}: ${candidates.join(' ')}`);
      return candidates[candidates.length - 1];
    },
  };
  const model = emitOnnx(program(), { choice });
  assert.ok(asked.includes('conv2d: conv matmul-1x1'));
  assert.ok(asked.includes('gelu: contrib erf'));
  assert.ok(Buffer.from(model.bytes).includes('Erf'));
  assert.ok(!Buffer.from(emitOnnx(program()).bytes).includes('ConvTranspose'));
  assert.throws(() => emitOnnx(program(), { choice: { choose: () => 'none' } }), /has no lowering none/);
});

test('large constants go to the external file, aligned; small ones stay', () => {
  const whole = emitOnnx(program(5001));
  const external = { location: 'weights.bin', fromBytes: 4096 };
  const split = emitOnnx(program(5001), { external });
  assert.equal(whole.external.length, 0);
  const size = split.external.reduce((n, piece) => n + piece.length, 0);
  assert.ok(size >= 4 * 5001 && size % 64 === 0, `${size} bytes`);
  assert.ok(whole.bytes.length - split.bytes.length > 19_000);
  assert.ok(Buffer.from(split.bytes).includes('weights.bin'));
});
