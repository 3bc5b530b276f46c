// What each op name of ops/index.json means in this project: one row per name.

import type { Builder } from '../../src/core/graph/builder.ts';
import type { Value } from '../../src/core/graph/value.ts';
import * as f from '../../src/core/nets/functional.ts';
import { attention, groupNorm, layerNorm, linear } from '../../src/core/nets/layers.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { broadcastShapes, sameShape } from '../../src/core/tensor/shape.ts';
import { type Attrs, axes, flag, number, numbers, type OpsCase, padsHw, pair, spoken } from './ops-index.ts';

type Values = Readonly<Record<string, Value>>;
type Row = (b: Builder, v: Values, attrs: Attrs, c: OpsCase) => Value | readonly Value[];

/** A scope whose parameters `weight` and `bias` are the case's `w` and `b`. */
function scopeOf(b: Builder, v: Values): Scope {
  const table = new Map<string, Value>();
  if (v.w) table.set('weight', v.w);
  if (v.b) table.set('bias', v.b);
  return new Scope(b, '', table);
}

const keepDims = (attrs: Attrs) => flag(attrs, 'keepdims', false);

/** NumPy broadcasting; where that does not give the wanted shape, `small` is per leading axis of `large`. */
function aligned(b: Builder, small: Value, large: Value, c: OpsCase): Value {
  const lead = small.shape.every((d, i) => d === large.shape[i] || d === 1);
  const numpy = () => sameShape(broadcastShapes(small.shape, large.shape), c.outShapes[0]);
  const channel = c.name.includes('channel') && small.shape.length < large.shape.length;
  if (!lead || (!channel && numpy())) return small;
  return b.reshape(small, [...small.shape, ...large.shape.slice(small.shape.length).map(() => 1)]);
}

function binary(op: 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum'): Row {
  return (b, v, _attrs, c) => {
    const [x, y] = c.inputs.map((n) => v[n]);
    return x.shape.length < y.shape.length ? b[op](aligned(b, x, y, c), y) : b[op](x, aligned(b, y, x, c));
  };
}

type UnaryOp =
  | 'silu'
  | 'sigmoid'
  | 'tanh'
  | 'exp'
  | 'sin'
  | 'cos'
  | 'softplus'
  | 'square'
  | 'neg'
  | 'erf'
  | 'relu'
  | 'abs'
  | 'log'
  | 'sqrt'
  | 'rsqrt'
  | 'reciprocal'
  | 'upsampleNearest2x';
const unary =
  (op: UnaryOp): Row =>
  (b, { x }) =>
    b[op](x);

const conv2d: Row = (b, { x, w, b: bias }, attrs) =>
  b.conv2d(x, w, bias ?? null, {
    stride: pair(attrs, 'stride', 1),
    pads: pair(attrs, 'padding', 0),
    dilation: pair(attrs, 'dilation', 1),
    groups: number(attrs, 'groups', 1),
  });

const convAsymmetric: Row = (b, { x, w, b: bias }, attrs) => {
  const text = String(attrs.pad);
  const rest = spoken(text, 'padding', 0);
  const sides = ['top', 'left', 'bottom', 'right'].map((side) => rest + spoken(text, side, 0));
  return b.conv2d(x, w, bias ?? null, { stride: spoken(text, 'stride', 1), pads: sides });
};

const attend: Row = (b, { q, k, v }, attrs) => {
  if (attrs.scale !== undefined && attrs.scale !== 'd^-0.5') throw new Error(`scale ${attrs.scale}`);
  const [rows, columns] = [q.shape[q.shape.length - 2], k.shape[k.shape.length - 2]];
  const mask = Array.from({ length: rows * columns }, (_, i) =>
    i % columns > Math.floor(i / columns) ? -1e9 : 0,
  );
  return attention(new Scope(b), q, k, v, attrs.causal ? b.constant(mask, [rows, columns]) : undefined);
};

const slice: Row = (b, { x }, attrs) => {
  const [starts, ends] = [x.shape.map(() => 0), [...x.shape]];
  const steps = x.shape.map(() => 1);
  const from = numbers(attrs, 'starts');
  const listed = attrs.axes === undefined ? from.map((_, i) => i) : numbers(attrs, 'axes');
  listed.forEach((a, i) => {
    const axis = a < 0 ? a + x.shape.length : a;
    const place = (p: number) => Math.min(x.shape[axis], p < 0 ? p + x.shape[axis] : p);
    starts[axis] = place(from[i]);
    ends[axis] = place(numbers(attrs, 'ends')[i]);
    steps[axis] = attrs.steps === undefined ? 1 : numbers(attrs, 'steps')[i];
  });
  return b.slice(x, starts, ends, steps);
};

const pad: Row = (b, { x }, attrs) => {
  const pads = padsHw(attrs);
  const mode = attrs.mode ?? 'constant';
  if (mode === 'reflect') return f.padReflect(b, x, pads);
  if (mode !== 'constant') throw new Error(`padding mode ${mode}`);
  const zeros = x.shape.slice(2).map(() => 0);
  const around = (i: 0 | 1) => [...zeros, pads[0][i], pads[1][i]];
  return b.pad(x, around(0), around(1), number(attrs, 'value', 0));
};

const batchNorm: Row = (b, { x, w, b: bias, mean, var: variance }, attrs) => {
  const eps = number(attrs, 'eps', 1e-5);
  return flag(attrs, 'training', true)
    ? f.batchNorm(b, x, w, bias, eps).y
    : f.batchNormEval(b, x, w, bias, { mean, variance }, eps);
};

const bilinear: Row = (b, { x }, attrs) => {
  if (attrs.antialias) throw new Error('antialiased resizing');
  const alignCorners = flag(attrs, 'align_corners', false);
  return f.bilinear(b, x, pair(attrs, 'size', 1), { alignCorners });
};

const pool = (attrs: Attrs) => {
  const kernel = pair(attrs, 'kernel', 1);
  const stride = attrs.stride === undefined ? kernel : pair(attrs, 'stride', 1);
  return { kernel, stride, pads: pair(attrs, 'padding', 0) };
};

const lossOf =
  (loss: typeof f.mse): Row =>
  (b, v, attrs, c) => {
    if ((attrs.reduction ?? 'mean') !== 'mean') throw new Error(`reduction ${attrs.reduction}`);
    return loss(b, v[c.inputs[0]], v[c.inputs[1]]);
  };

export const OPS_TABLE: Readonly<Record<string, Row>> = {
  conv2d,
  conv2d_asymmetric_pad: convAsymmetric,
  convTranspose2d: (b, { x, w, b: bias }, attrs) =>
    f.convTranspose2d(b, x, w, bias ?? null, {
      stride: pair(attrs, 'stride', 1),
      pads: pair(attrs, 'padding', 0),
      dilation: pair(attrs, 'dilation', 1),
      groups: number(attrs, 'groups', 1),
      outputPadding: pair(attrs, 'output_padding', 0),
    }),
  linear: (b, v, attrs) =>
    linear(scopeOf(b, v), v.x, v.w.shape[0], { bias: flag(attrs, 'bias', true) && v.b !== undefined }),
  matmul: (b, v, _attrs, c) => b.matmul(v[c.inputs[0]], v[c.inputs[1]]),
  groupNorm: (b, v, attrs) =>
    groupNorm(scopeOf(b, v), v.x, number(attrs, 'groups'), number(attrs, 'eps', 1e-5)),
  layerNorm: (b, v, attrs) => layerNorm(scopeOf(b, v), v.x, number(attrs, 'eps', 1e-5)),
  batchNorm,
  silu: unary('silu'),
  gelu_erf: (b, { x }) => b.gelu(x),
  gelu_tanh: (b, { x }) => f.geluTanh(b, x),
  quick_gelu: (b, { x }) => f.quickGelu(b, x),
  sigmoid: unary('sigmoid'),
  tanh: unary('tanh'),
  exp: unary('exp'),
  sin: unary('sin'),
  cos: unary('cos'),
  softplus: unary('softplus'),
  square: unary('square'),
  neg: unary('neg'),
  erf: unary('erf'),
  relu: unary('relu'),
  leakyRelu: (b, { x }, attrs) => f.leakyRelu(b, x, number(attrs, 'slope', 0.01)),
  abs: unary('abs'),
  log: unary('log'),
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  reciprocal: unary('reciprocal'),
  pow: (b, { x }, attrs) => b.pow(x, number(attrs, 'exponent')),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  geglu: (b, { x }) => f.geglu(b, x),
  softmax: (b, { x }, attrs) => b.softmax(x, number(attrs, 'axis', -1)),
  logSoftmax: (b, { x }, attrs) => f.logSoftmax(b, x, number(attrs, 'axis', -1)),
  attention: attend,
  gather: (b, { table, ids }) => b.gather(table, ids),
  upsampleNearest2x: unary('upsampleNearest2x'),
  bilinear,
  maxPool: (b, { x }, attrs) => f.maxPool2d(b, x, pool(attrs)),
  avgPool: (b, { x }, attrs) =>
    f.avgPool2d(b, x, { ...pool(attrs), countPads: flag(attrs, 'count_include_pad', true) }),
  mean: (b, { x }, attrs) => b.mean(x, axes(attrs), keepDims(attrs)),
  sum: (b, { x }, attrs) => b.sum(x, axes(attrs), keepDims(attrs)),
  max: (b, { x }, attrs) => b.max(x, axes(attrs), keepDims(attrs)),
  min: (b, { x }, attrs) => b.min(x, axes(attrs), keepDims(attrs)),
  var: (b, { x }, attrs) =>
    f.variance(b, x, axes(attrs), { correction: number(attrs, 'correction', 1), keepDims: keepDims(attrs) }),
  l2norm: (b, { x }, attrs) => f.l2Norm(b, x, axes(attrs), keepDims(attrs)),
  logSumExp: (b, { x }, attrs) => f.logSumExp(b, x, axes(attrs), keepDims(attrs)),
  minMaxNormalise: (b, { x }) => f.minMaxNormalise(b, x),
  where: (b, { c, a, b: other }) => b.where(b.cast(c, 'bool'), a, other),
  concat: (b, v, attrs, c) =>
    b.concat(
      c.inputs.map((n) => v[n]),
      number(attrs, 'axis'),
    ),
  slice,
  split: (b, { x }, attrs) => b.split(x, number(attrs, 'axis'), number(attrs, 'parts')),
  pad,
  transpose: (b, { x }, attrs) => b.transpose(x, numbers(attrs, 'perm')),
  reshape: (b, { x }, attrs) => b.reshape(x, numbers(attrs, 'shape')),
  expand: (b, { x }, attrs) => b.expand(x, numbers(attrs, 'shape')),
  reverse: (b, { x }, attrs) => b.reverse(x, numbers(attrs, 'axes')),
  clip: (b, { x }, attrs) => b.clip(x, number(attrs, 'min'), number(attrs, 'max')),
  mse: lossOf(f.mse),
  l1: lossOf(f.l1),
  cosineSimilarity: (b, v, attrs, c) =>
    f.cosineSimilarity(
      b,
      v[c.inputs[0]],
      v[c.inputs[1]],
      number(attrs, 'axis', 1),
      number(attrs, 'eps', 1e-8),
    ),
  focalLoss: (b, { logits, mask }, attrs) =>
    f.focalLoss(b, b.softmax(logits, 1), mask, {
      gamma: number(attrs, 'gamma', 2),
      smooth: number(attrs, 'smooth', 1e-5),
    }),
  ssim: (b, v, attrs, c) =>
    f.ssim(b, v[c.inputs[0]], v[c.inputs[1]], {
      window: number(attrs, 'window', 11),
      sigma: number(attrs, 'sigma', 1.5),
      dataRange: number(attrs, 'data_range', 1),
      zeroPadding: flag(attrs, 'zero_padding', true),
    }),
  clipByGlobalNorm: (b, v, attrs, c) =>
    f.clipByGlobalNorm(
      b,
      c.inputs.map((n) => v[n]),
      number(attrs, 'max_norm'),
      number(attrs, 'eps', 1e-6),
    ).scaled,
};
