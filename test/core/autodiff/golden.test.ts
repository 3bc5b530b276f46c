// Gradient graphs as text: a change in a rule shows as a change in what is computed, not only in numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { recomputedGradients } from '../../../src/core/autodiff/recompute.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { fold } from '../../../src/core/graph/passes/fold.ts';
import { print } from '../../../src/core/graph/print.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { verify } from '../../../src/core/graph/verify.ts';

function textOf(build: (b: Builder) => Record<string, Value | null>): string {
  const outputs = build(new Builder()) as Record<string, Value>;
  const folded = fold({ outputs });
  verify(folded);
  return print(folded);
}

test('linear + silu', () => {
  const text = textOf((b) => {
    const [x, w, c] = [b.input('x', [2, 3]), b.input('w', [4, 3]), b.input('b', [4])];
    const y = b.silu(b.add(b.matmul(x, w, { transB: true }), c));
    const [dw, db] = gradients(b, b.mean(y, 'all'), [w, c]);
    return { dw, db };
  });
  assert.equal(
    text,
    `a: [2,4] = constant 0.125
b: [2,3] = input x
c: [4,3] = input w
d: [2,4] = matmul(b, c) {transA=false transB=true}
e: [4] = input b
f: [2,4] = add(d, e)
g: [2,4] = sigmoid(f)
h: [2,4] = silu(f)
i: [2,4] = sub(1, g)
j: [2,4] = mul(h, i)
k: [2,4] = add(g, j)
l: [2,4] = mul(a, k)
m: [4,3] = matmul(l, b) {transA=true transB=false}
n: [1,4] = sum(l) {axes=[0] keepDims=true}
o: [4] = reshape(n) {shape=[4]}
return dw = m
return db = o
`,
  );
});

test('conv2d with stride: the adjoints are ops of their own', () => {
  const text = textOf((b) => {
    const [x, w, c] = [b.input('x', [1, 2, 5, 5]), b.input('w', [3, 2, 3, 3]), b.input('b', [3])];
    const y = b.conv2d(x, w, c, { pads: 1, stride: 2 });
    const [dx, dw, db] = gradients(b, b.sum(b.square(y), 'all'), [x, w, c]);
    return { dx, dw, db };
  });
  assert.equal(
    text,
    `a: [1,2,5,5] = input x
b: [3,2,3,3] = input w
c: [3] = input b
d: [1,3,3,3] = conv2d(a, b, c) {dilation=[1,1] groups=1 pads=[1,1,1,1] stride=[2,2]}
e: [1,3,3,3] = add(d, d)
f: [1,2,5,5] = convInputGrad(e, b) {dilation=[1,1] groups=1 pads=[1,1,1,1] size=[5,5] stride=[2,2]}
g: [3,2,3,3] = convWeightGrad(a, e) {dilation=[1,1] groups=1 kernel=[3,3] pads=[1,1,1,1] stride=[2,2]}
h: [3] = sum(e) {axes=[0,2,3] keepDims=false}
return dx = f
return dw = g
return db = h
`,
  );
});

test('normalizeRows', () => {
  const text = textOf((b) => {
    const [x, g] = [b.input('x', [2, 6]), b.input('g', [2, 6])];
    const [dx] = gradients(b, b.sum(b.mul(b.normalizeRows(x, 1e-5), g), 'all'), [x]);
    return { dx };
  });
  assert.equal(
    text,
    `a: [2,6] = input g
b: [2,1] = sum(a) {axes=[1] keepDims=true}
c: [2,1] = mul(b, 0.16666666666666666)
d: [2,6] = sub(a, c)
e: [2,6] = input x
f: [2,6] = normalizeRows(e) {eps=0.00001}
g: [2,6] = mul(a, f)
h: [2,1] = sum(g) {axes=[1] keepDims=true}
i: [2,1] = mul(h, 0.16666666666666666)
j: [2,6] = mul(f, i)
k: [2,6] = sub(d, j)
l: [2,1] = rowRstd(e) {eps=0.00001}
m: [2,6] = mul(k, l)
return dx = m
`,
  );
});

test('softmax attention', () => {
  const text = textOf((b) => {
    const [q, k, v] = [b.input('q', [2, 3, 4]), b.input('k', [2, 5, 4]), b.input('v', [2, 5, 4])];
    const weights = b.softmax(b.mul(b.matmul(q, k, { transB: true }), 0.5));
    const [dq, dk, dv] = gradients(b, b.sum(b.square(b.matmul(weights, v)), 'all'), [q, k, v]);
    return { dq, dk, dv };
  });
  assert.equal(
    text,
    `a: [2,3,4] = input q
b: [2,5,4] = input k
c: [2,3,5] = matmul(a, b) {transA=false transB=true}
d: [2,3,5] = mul(c, 0.5)
e: [2,3,5] = softmax(d) {axis=2}
f: [2,5,4] = input v
g: [2,3,4] = matmul(e, f) {transA=false transB=false}
h: [2,3,4] = add(g, g)
i: [2,3,5] = matmul(h, f) {transA=false transB=true}
j: [2,3,5] = mul(i, e)
k: [2,3,1] = sum(j) {axes=[2] keepDims=true}
l: [2,3,5] = sub(i, k)
m: [2,3,5] = mul(e, l)
n: [2,3,5] = mul(m, 0.5)
o: [2,3,4] = matmul(n, b) {transA=false transB=false}
p: [2,5,4] = matmul(n, a) {transA=true transB=false}
q: [2,5,4] = matmul(e, h) {transA=true transB=false}
return dq = o
return dk = p
return dv = q
`,
  );
});

test('recomputation: the first layer again, once the gradient of its end is known', () => {
  const text = textOf((b) => {
    const [x, w, v] = [b.input('x', [2, 4]), b.input('w', [4, 4]), b.input('v', [4, 4])];
    const h = b.matmul(b.tanh(b.matmul(x, w)), v);
    const [dw] = recomputedGradients(b, b.sum(b.sigmoid(h), 'all'), [w, v], [h]);
    return { dw };
  });
  assert.equal(
    text,
    `a: [2,4] = input x
b: [4,4] = input w
c: [2,4] = matmul(a, b) {transA=false transB=false}
d: [2,4] = tanh(c)
e: [4,4] = input v
f: [2,4] = matmul(d, e) {transA=false transB=false}
g: [2,4] = sigmoid(f)
h: [2,4] = sub(1, g)
i: [2,4] = mul(g, h)
j: [2,4] = after(a, i)
k: [2,4] = matmul(i, e) {transA=false transB=true}
l: [2,4] = matmul(j, b) {transA=false transB=false}
m: [2,4] = tanh(l)
n: [2,4] = mul(m, m)
o: [2,4] = sub(1, n)
p: [2,4] = mul(k, o)
q: [4,4] = matmul(j, p) {transA=true transB=false}
return dw = q
`,
  );
});
