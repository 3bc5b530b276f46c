// Weights files on disk: read by position, widened in pieces, refused by name.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { openSafetensors } from '../../../src/engine/packs/safetensors-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'flawsmith-safetensors-'));
after(() => rmSync(folder, { recursive: true }));

test('tensors come one at a time, halves widened over several reads', () => {
  const path = join(folder, 'weights.safetensors');
  const many = Float32Array.from({ length: 700_001 }, (_, i) => (i % 2048) - 1024);
  const bytes = writeSafetensors(
    [
      { name: 'big', dtype: 'F16', shape: [700_001], data: many },
      { name: 'w', dtype: 'F32', shape: [2], data: Float32Array.of(1.5, NaN) },
      { name: 'ids', dtype: 'I32', shape: [1], data: Int32Array.of(5) },
    ],
    { meta: '{}' },
  );
  writeFileSync(path, bytes);
  const file = openSafetensors(path);
  assert.deepEqual(file.float32('big'), many);
  assert.deepEqual([...file.int32('ids')], [5]);
  assert.deepEqual(file.info('big').shape, [700_001]);
  assert.equal(file.metadata.get('meta'), '{}');
  assert.equal(file.float64('w')[0], 1.5);
  assert.equal(file.has('nothing'), false);
  const isBadWeights = (error: unknown) => error instanceof AppError && error.code === 'bad-weights';
  assert.throws(() => file.float32('nothing'), isBadWeights);
  assert.throws(() => file.float32('ids'), isBadWeights);
  assert.throws(() => file.float32('w', { finite: true }), /tensor w holds NaN at 1/);
  file.close();
});

test('a missing file and a damaged one are told apart', () => {
  assert.throws(() => openSafetensors(join(folder, 'no.safetensors')), { code: 'not-found' });
  const path = join(folder, 'short.safetensors');
  writeFileSync(path, new Uint8Array(3));
  assert.throws(() => openSafetensors(path), { code: 'bad-weights' });
});
