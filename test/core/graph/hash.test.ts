// The structural hash: stable over rebuilding, different after any change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { programHash } from '../../../src/core/graph/hash.ts';

interface Change {
  width?: number;
  stride?: number;
  eps?: number;
  activation?: 'silu' | 'relu';
  name?: string;
  output?: string;
  constant?: number;
  extra?: boolean;
}

function hashOf(change: Change = {}): string {
  const { width = 4, stride = 1, eps = 1e-5, activation = 'silu' } = change;
  const b = new Builder();
  if (change.extra) b.exp(b.input('unused', [2]));
  const x = b.input(change.name ?? 'x', [1, 2, 4, 4]);
  const y = b[activation](b.conv2d(x, b.input('w', [width, 2, 3, 3]), null, { pads: 1, stride }));
  const table = Float32Array.from({ length: 100 }, (_, i) => (i === 50 ? (change.constant ?? 1) : 1));
  const rows = b.normalizeRows(b.reshape(y, [width, -1]), eps);
  const total = b.add(b.sum(rows, 'all'), b.sum(b.constant(table, [100]), 'all'));
  return programHash({ outputs: { [change.output ?? 'y']: total } });
}

test('the same network built twice has the same hash', () => {
  assert.match(hashOf(), /^[0-9a-f]{16}$/);
  assert.equal(hashOf(), hashOf());
});

test('nodes that no output needs do not matter', () => {
  assert.equal(hashOf({ extra: true }), hashOf());
});

test('every change shows', () => {
  const changes: Change[] = [
    { width: 8 },
    { stride: 2 },
    { eps: 1e-6 },
    { activation: 'relu' },
    { name: 'sample' },
    { output: 'z' },
    { constant: 1.0000001 },
  ];
  const hashes = [hashOf(), ...changes.map(hashOf)];
  assert.equal(new Set(hashes).size, hashes.length);
});
