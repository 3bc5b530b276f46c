// Passes: what they remove, and that results stay the same; the verifier runs after each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Program } from '../../../src/core/graph/graph.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { fold } from '../../../src/core/graph/passes/fold.ts';
import { rewrite } from '../../../src/core/graph/passes/rewrite.ts';
import { print } from '../../../src/core/graph/print.ts';
import { verify } from '../../../src/core/graph/verify.ts';

const text = (program: Program) => {
  verify(program);
  return print(program);
};

test('constants are computed when the graph is built', () => {
  const b = new Builder();
  const x = b.input('x', [3]);
  const c = b.mul(b.exp(b.constant([0, 0, 0], [3])), b.scalar(4));
  assert.equal(
    text(fold({ outputs: { y: b.add(x, c) } })),
    `a: [3] = input x
b: [3] = constant 4
c: [3] = add(a, b)
return y = c
`,
  );
});

test('identities left behind by gradient rules go away', () => {
  const b = new Builder();
  const x = b.input('x', [2]);
  const one = b.fill(1, [2]);
  const zero = b.sub(one, one);
  const y = b.neg(b.neg(b.sub(b.add(b.mul(x, b.mul(one, one)), zero), zero)));
  assert.equal(text(fold({ outputs: { y } })), 'a: [2] = input x\nreturn y = a\n');
});

test('an identity that would change the shape stays', () => {
  const b = new Builder();
  const x = b.input('x', [2]);
  const wide = b.add(x, b.sub(b.fill(1, [3, 2]), b.fill(1, [3, 2])));
  const folded = fold({ outputs: { wide } });
  verify(folded);
  assert.deepEqual(folded.outputs.wide.shape, [3, 2]);
  assert.deepEqual([...interpret(folded, { x: [1, 2] }).wide.data], [1, 2, 1, 2, 1, 2]);
});

test('rewriting merges equal nodes of two graphs and leaves dead ones behind', () => {
  const b = new Builder();
  const x = b.input('x', [2]);
  b.exp(b.exp(x));
  const other = new Builder();
  const program = { outputs: { p: b.tanh(x), q: other.tanh(other.input('x', [2])) } };
  const merged = rewrite(new Builder(), program, () => null);
  assert.equal(verify(merged), 2);
  assert.equal(merged.outputs.p, merged.outputs.q);
});

test('a folded training program computes what it did', () => {
  const b = new Builder();
  const [x, w] = [b.input('x', [4, 3]), b.input('w', [3, 3])];
  const h = b.normalizeRows(b.silu(b.matmul(x, w)), 1e-5);
  const loss = b.mean(b.clip(b.square(b.sub(b.softmax(h), 0.25)), 0, 1), 'all');
  const [dx, dw] = gradients(b, loss, [x, w]);
  assert.ok(dx && dw);
  const program = { outputs: { loss, dx, dw } };
  const folded = fold(program);
  assert.ok(verify(folded) <= verify(program));
  const feeds = {
    x: Array.from({ length: 12 }, (_, i) => Math.sin(i)),
    w: Array.from({ length: 9 }, (_, i) => Math.cos(3 * i)),
  };
  const [before, after] = [interpret(program, feeds), interpret(folded, feeds)];
  for (const name of Object.keys(before)) {
    before[name].data.forEach((v, i) => {
      assert.ok(Math.abs(v - after[name].data[i]) < 1e-7, `${name}[${i}]`);
    });
  }
});
