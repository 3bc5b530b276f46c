// Parameters in long vectors: where they go, and a program that reads and differentiates them there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FLAT_ROW,
  flatGradient,
  flatInput,
  flatProgram,
  flatVectors,
  fromFlat,
  toFlat,
} from '../../../src/core/autodiff/flat-parameters.ts';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';

test('vectors keep groups apart, are filled up to whole rows, and split where they get too long', () => {
  const shapes = new Map([
    ['a', [600]],
    ['b', [30]],
    ['c', [500]],
    ['d', [2000]],
  ]);
  const vectors = flatVectors(shapes, (name) => (name === 'b' ? 'x' : 'y'), 1200);
  const names = vectors.map((v) => v.parts.map((p) => `${p.name}@${p.start}`).join(' '));
  assert.deepEqual(names, ['a@0 c@600', 'b@0', 'd@0']);
  assert.deepEqual(
    vectors.map((v) => v.length / FLAT_ROW),
    [2, 1, 2],
  );
  assert.deepEqual(
    vectors.map((v) => v.group),
    ['y', 'x', 'y'],
  );
});

test('arrays come back from a vector as they went in', () => {
  const [vector] = flatVectors(
    new Map([
      ['a', [2, 2]],
      ['b', [3]],
    ]),
  );
  const arrays = { a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(5, 6, 7) };
  const back = { a: new Float32Array(4), b: new Float32Array(3) };
  fromFlat(vector, toFlat(vector, arrays), back);
  assert.deepEqual(back, arrays);
});

test('loss and gradients are those of the program with single parameters', () => {
  const b = new Builder();
  const [w, bias, unused] = [b.input('net/w', [3, 2]), b.input('net/b', [2]), b.input('net/u', [4])];
  const x = b.input('x', [2, 3]);
  const loss = b.sum(b.square(b.add(b.matmul(x, w), bias)), 'all');
  const [gw, gb, gu] = gradients(b, loss, [w, bias, unused]);
  assert.ok(gw && gb && gu === null);
  const arrays = {
    w: Float32Array.of(1, -2, 3, 0.5, -1, 2),
    b: Float32Array.of(0.1, 0.2),
    u: new Float32Array(4).fill(9),
  };
  const shapes = new Map([
    ['w', w.shape],
    ['b', bias.shape],
    ['u', unused.shape],
  ]);
  const vectors = flatVectors(shapes);
  const inputs = new Map(Object.keys(arrays).map((name) => [name, `net/${name}`]));
  const flat = flatProgram({ outputs: { loss } }, vectors, inputs, { w: gw, b: gb });
  const feeds = { x: Float32Array.of(1, 2, 3, -1, 0, 2) };
  const single = interpret({ outputs: { loss, gw, gb } }, { ...feeds, 'net/w': arrays.w, 'net/b': arrays.b });
  const results = interpret(flat, { ...feeds, [flatInput(0)]: toFlat(vectors[0], arrays) });
  assert.equal(results.loss.data[0], single.loss.data[0]);
  const got = { w: new Float32Array(6), b: new Float32Array(2), u: new Float32Array(4).fill(1) };
  fromFlat(vectors[0], Float32Array.from(results[flatGradient(0)].data), got);
  assert.deepEqual(got.w, Float32Array.from(single.gw.data));
  assert.deepEqual(got.b, Float32Array.from(single.gb.data));
  assert.deepEqual([...got.u], [0, 0, 0, 0]);
});
