// Checkpoints give back every bit: weights, moments, moving average and the step.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AdamW } from '../../../src/core/autodiff/adamw.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import {
  checkpointBytes,
  loadCheckpoint,
  restoreCheckpoint,
  saveCheckpoint,
  type TrainingState,
} from '../../../src/engine/training/checkpoint-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SIZES = { 'unet/conv.weight': 37, 'unet/conv.bias': 1, 'text/table': 64 };

/** A state with numbers of its own in every array. */
function filled(seed: number, { average = true } = {}): TrainingState {
  const rng = namedRng(seed, 'state');
  const arrays = () =>
    Object.fromEntries(
      Object.entries(SIZES).map(([name, n]) => [name, rng.fillNormal(new Float32Array(n))] as const),
    );
  const weights = arrays();
  const optimizer = new AdamW(weights);
  for (const { m, v } of Object.values(optimizer.moments)) {
    rng.fillNormal(m);
    rng.fillNormal(v);
  }
  optimizer.steps = 100 + seed;
  return { weights, optimizer, ...(average && { average: arrays() }) };
}

/** All of a state as bits, so that -0 and NaN count too. */
function bits(state: TrainingState) {
  const text = (a: Float32Array) => Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString('hex');
  const all = (arrays: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(Object.entries(arrays).map(([name, a]) => [name, text(a)]));
  return {
    steps: state.optimizer.steps,
    weights: all(state.weights),
    moments: Object.fromEntries(
      Object.entries(state.optimizer.moments).map(([name, { m, v }]) => [name, [text(m), text(v)]]),
    ),
    average: state.average && all(state.average),
  };
}

test('a restored state is the same bit for bit, in the arrays that were there', () => {
  const [from, into] = [filled(1), filled(2)];
  from.weights['unet/conv.weight'].set([-0, 1e-45, Infinity, -Infinity, 3.4028234663852886e38, NaN]);
  const arrays = [into.weights['text/table'], into.average?.['text/table']];
  restoreCheckpoint(checkpointBytes(from), into);
  assert.deepEqual(bits(into), bits(from));
  assert.equal(into.weights['text/table'], arrays[0]);
  assert.equal(into.average?.['text/table'], arrays[1]);
});

test('a checkpoint that comes as a Buffer, in the midst of a larger one, is read the same', () => {
  const from = filled(3);
  const bytes = checkpointBytes(from);
  const around = Buffer.alloc(bytes.length + 13, 0xff);
  around.set(bytes, 5);
  const into = filled(4);
  restoreCheckpoint(around.subarray(5, 5 + bytes.length), into);
  assert.deepEqual(bits(into), bits(from));
});

test('restoring copies: later steps do not reach the bytes, nor the bytes the state', () => {
  const from = filled(5);
  const bytes = checkpointBytes(from);
  const into = filled(6);
  restoreCheckpoint(bytes, into);
  const before = bits(into);
  bytes.fill(0);
  from.weights['text/table'].fill(0);
  assert.deepEqual(bits(into), before);
});

test('a saved file holds the same bytes, and loads; without a file nothing changes', async (t) => {
  const file = join(tempFolder(t), 'training.safetensors');
  const [from, into] = [filled(7), filled(8)];
  const untouched = bits(into);
  loadCheckpoint(file, into);
  assert.deepEqual(bits(into), untouched);
  await saveCheckpoint(file, from);
  assert.ok(readFileSync(file).equals(checkpointBytes(from)));
  loadCheckpoint(file, into);
  assert.deepEqual(bits(into), bits(from));
  await saveCheckpoint(file, filled(9));
  loadCheckpoint(file, into);
  assert.deepEqual(bits(into), bits(filled(9)), 'the newer one replaces it');
  assert.deepEqual(readdirSync(join(file, '..')), ['training.safetensors']);
});

test('a state without moving average needs none; one with it says what is missing', () => {
  const bytes = checkpointBytes(filled(10, { average: false }));
  const into = filled(11, { average: false });
  restoreCheckpoint(bytes, into);
  assert.deepEqual(bits(into), bits(filled(10, { average: false })));
  assert.throws(() => restoreCheckpoint(bytes, filled(12)), /internal: checkpoint: average\//);
});

test('a cut checkpoint is refused', () => {
  const bytes = checkpointBytes(filled(13));
  assert.throws(() => restoreCheckpoint(bytes.subarray(0, bytes.length - 4), filled(14)), {
    code: 'bad-weights',
  });
});
