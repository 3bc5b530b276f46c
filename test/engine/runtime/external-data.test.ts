// A model with external data, written to a folder and loaded by path, gives the numbers of the one in memory.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as ort from 'onnxruntime-node';
import { Builder } from '../../../src/core/graph/builder.ts';
import { emitOnnx } from '../../../src/core/onnx/emit.ts';
import { compile } from '../../../src/engine/runtime/executable.ts';

function program() {
  const b = new Builder();
  const weights = (n: number, phase: number) =>
    Float32Array.from({ length: n }, (_, i) => Math.sin(i + phase));
  const x = b.input('x', [3, 50]);
  const h = b.tanh(b.matmul(x, b.constant(weights(50 * 33, 0), [50, 33])));
  const ids = b.ids(
    Array.from({ length: 33 }, (_, i) => 32 - i),
    [33],
  );
  const y = b.matmul(h, b.gather(b.constant(weights(33 * 21, 1), [33, 21]), ids));
  return { outputs: { y } };
}

test('external data, loaded by path', async () => {
  const x = Float32Array.from({ length: 150 }, (_, i) => Math.cos(i));
  const inMemory = await compile(program(), { threads: 1 });
  const { y: expected } = await inMemory.run({ x });
  await inMemory.release();

  const dir = mkdtempSync(join(tmpdir(), 'flawsmith-external-'));
  try {
    const model = emitOnnx(program(), { external: { location: 'model.bin', fromBytes: 1024 } });
    writeFileSync(join(dir, 'model.onnx'), model.bytes);
    writeFileSync(join(dir, 'model.bin'), Buffer.concat(model.external));
    assert.ok(model.bytes.length < 2000, `${model.bytes.length} bytes beside the external file`);
    const session = await ort.InferenceSession.create(join(dir, 'model.onnx'), { intraOpNumThreads: 1 });
    const { y } = await session.run({ x: new ort.Tensor('float32', x, [3, 50]) });
    await session.release();
    assert.deepEqual(y.data, expected);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
