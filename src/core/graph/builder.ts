// The words networks and gradient rules are written in: one method per op, with defaults filled in.

import { invariant } from '../base/errors.ts';
import { normalizeAxes, normalizeAxis, type Shape, sameShape, shapeText, sizeOf } from '../tensor/shape.ts';
import { Graph } from './graph.ts';
import type { DType } from './op.ts';
import type { ConvAttrs } from './ops/conv-geometry.ts';
import type { GroupNormAttrs } from './ops/group-norm.ts';
import type { OpName } from './ops/table.ts';
import { scalarConstant, type Value } from './value.ts';

export type Operand = Value | number;
export type Axes = readonly number[] | 'all';

export interface ConvOptions {
  readonly stride?: number | readonly [number, number];
  /** One number, [vertical, horizontal], or [top, left, bottom, right]. */
  readonly pads?: number | readonly number[];
  readonly dilation?: number | readonly [number, number];
  readonly groups?: number;
}

const pair = (v: number | readonly [number, number] | undefined, fallback: number): [number, number] =>
  v === undefined ? [fallback, fallback] : typeof v === 'number' ? [v, v] : [v[0], v[1]];

function convAttrs(options: ConvOptions): ConvAttrs {
  const p = options.pads ?? 0;
  const pads = typeof p === 'number' ? [p, p, p, p] : p.length === 2 ? [p[0], p[1], p[0], p[1]] : p;
  invariant(pads.length === 4, `pads ${pads.join(',')}`);
  return {
    stride: pair(options.stride, 1),
    dilation: pair(options.dilation, 1),
    pads: [pads[0], pads[1], pads[2], pads[3]],
    groups: options.groups ?? 1,
  };
}

export class Builder {
  readonly graph: Graph;

  constructor(graph: Graph = new Graph()) {
    this.graph = graph;
  }

  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    return this.graph.input(name, shape, dtype);
  }
  constant(data: Float32Array | readonly number[], shape: Shape): Value {
    return this.graph.constant(data instanceof Float32Array ? data : Float32Array.from(data), shape);
  }
  ids(data: readonly number[], shape: Shape): Value {
    return this.graph.constant(Int32Array.from(data), shape, 'int32');
  }
  scalar(value: number): Value {
    return this.graph.constant(value, []);
  }
  fill(value: number, shape: Shape): Value {
    return this.graph.constant(value, shape);
  }

  // Elementwise
  add(x: Operand, y: Operand): Value {
    if (scalarConstant(this.#value(x)) === 0 && this.#keepsShape(y, x)) return this.#value(y);
    if (scalarConstant(this.#value(y)) === 0 && this.#keepsShape(x, y)) return this.#value(x);
    return this.#binary('add', x, y);
  }
  sub(x: Operand, y: Operand): Value {
    return this.#binary('sub', x, y);
  }
  mul(x: Operand, y: Operand): Value {
    if (scalarConstant(this.#value(x)) === 1 && this.#keepsShape(y, x)) return this.#value(y);
    if (scalarConstant(this.#value(y)) === 1 && this.#keepsShape(x, y)) return this.#value(x);
    return this.#binary('mul', x, y);
  }
  div(x: Operand, y: Operand): Value {
    return typeof y === 'number' ? this.mul(x, 1 / y) : this.#binary('div', x, y);
  }
  pow(x: Operand, y: Operand): Value {
    return this.#binary('pow', x, y);
  }
  maximum(x: Operand, y: Operand): Value {
    return this.#binary('maximum', x, y);
  }
  minimum(x: Operand, y: Operand): Value {
    return this.neg(this.maximum(this.neg(this.#value(x)), this.neg(this.#value(y))));
  }
  greater(x: Operand, y: Operand): Value {
    return this.#binary('greater', x, y);
  }
  equal(x: Operand, y: Operand): Value {
    return this.#binary('equal', x, y);
  }
  where(condition: Value, x: Operand, y: Operand): Value {
    return this.graph.apply('where', [condition, this.#value(x), this.#value(y)], {});
  }
  cast(x: Value, to: DType): Value {
    return x.dtype === to ? x : this.graph.apply('cast', [x], { to });
  }
  /** x within [low, high]; at the limits themselves the gradient passes, as in torch.clamp. */
  clip(x: Value, low: number, high: number): Value {
    return this.minimum(high, this.maximum(low, x));
  }
  neg(x: Value): Value {
    return this.#unary('neg', x);
  }
  abs(x: Value): Value {
    return this.#unary('abs', x);
  }
  sign(x: Value): Value {
    return this.#unary('sign', x);
  }
  exp(x: Value): Value {
    return this.#unary('exp', x);
  }
  log(x: Value): Value {
    return this.#unary('log', x);
  }
  sqrt(x: Value): Value {
    return this.#unary('sqrt', x);
  }
  rsqrt(x: Value): Value {
    return this.reciprocal(this.sqrt(x));
  }
  reciprocal(x: Value): Value {
    return this.#unary('reciprocal', x);
  }
  square(x: Value): Value {
    return this.mul(x, x);
  }
  sin(x: Value): Value {
    return this.#unary('sin', x);
  }
  cos(x: Value): Value {
    return this.#unary('cos', x);
  }
  tanh(x: Value): Value {
    return this.#unary('tanh', x);
  }
  erf(x: Value): Value {
    return this.#unary('erf', x);
  }
  sigmoid(x: Value): Value {
    return this.#unary('sigmoid', x);
  }
  softplus(x: Value): Value {
    return this.#unary('softplus', x);
  }
  relu(x: Value): Value {
    return this.#unary('relu', x);
  }
  silu(x: Value): Value {
    return this.#unary('silu', x);
  }
  gelu(x: Value): Value {
    return this.#unary('gelu', x);
  }
  stopGradient(x: Value): Value {
    return this.#unary('stopGradient', x);
  }
  /** x, available only once `cause` (or all of several) is known (see ops/select.ts). */
  after(x: Value, cause: Value | readonly Value[]): Value {
    return this.graph.apply('after', [x, cause].flat(), {});
  }

  // Movement
  reshape(x: Value, shape: Shape): Value {
    const size = sizeOf(x.shape);
    const free = shape.indexOf(-1);
    const full = free < 0 ? [...shape] : shape.map((d, i) => (i === free ? size / -sizeOf(shape) : d));
    if (sameShape(x.shape, full)) return x;
    const source = x.op === 'reshape' ? x.inputs[0] : x;
    return sameShape(source.shape, full) ? source : this.graph.apply('reshape', [source], { shape: full });
  }
  transpose(x: Value, perm: readonly number[]): Value {
    return perm.every((p, i) => p === i) ? x : this.graph.apply('transpose', [x], { perm: [...perm] });
  }
  slice(x: Value, starts: readonly number[], ends: readonly number[], steps?: readonly number[]): Value {
    const all = steps ?? x.shape.map(() => 1);
    if (x.shape.every((d, i) => starts[i] === 0 && ends[i] === d && all[i] === 1)) return x;
    return this.graph.apply('slice', [x], { starts: [...starts], ends: [...ends], steps: [...all] });
  }
  /** `length` entries of one axis from `start`. */
  narrow(x: Value, axis: number, start: number, length: number): Value {
    const a = normalizeAxis(axis, x.shape.length);
    const starts = x.shape.map((_, i) => (i === a ? start : 0));
    return this.slice(
      x,
      starts,
      x.shape.map((d, i) => (i === a ? start + length : d)),
    );
  }
  split(x: Value, axis: number, parts: number): Value[] {
    const a = normalizeAxis(axis, x.shape.length);
    const length = x.shape[a] / parts;
    invariant(Number.isInteger(length), `cannot split axis ${axis} of ${shapeText(x.shape)} in ${parts}`);
    return Array.from({ length: parts }, (_, i) => this.narrow(x, a, i * length, length));
  }
  reverse(x: Value, axes: readonly number[]): Value {
    return this.graph.apply('reverse', [x], { axes: normalizeAxes(axes, x.shape.length) });
  }
  pad(x: Value, before: readonly number[], after: readonly number[], value = 0): Value {
    if ([...before, ...after].every((p) => p === 0)) return x;
    return this.graph.apply('pad', [x], { before: [...before], after: [...after], value });
  }
  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return values[0];
    return this.graph.apply('concat', values, { axis: normalizeAxis(axis, values[0].shape.length) });
  }
  expand(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.graph.apply('expand', [x], { shape: [...shape] });
  }

  // Reductions
  sum(x: Value, axes: Axes, keepDims = false): Value {
    return this.#reduce('sum', x, axes, keepDims);
  }
  max(x: Value, axes: Axes, keepDims = false): Value {
    return this.#reduce('max', x, axes, keepDims);
  }
  min(x: Value, axes: Axes, keepDims = false): Value {
    return this.neg(this.max(this.neg(x), axes, keepDims));
  }
  mean(x: Value, axes: Axes, keepDims = false): Value {
    const s = this.sum(x, axes, keepDims);
    return this.mul(s, sizeOf(s.shape) / sizeOf(x.shape));
  }

  // Linear algebra
  matmul(x: Value, y: Value, options: { transA?: boolean; transB?: boolean } = {}): Value {
    const { transA = false, transB = false } = options;
    // A stack of rows times one matrix is one larger product.
    if (!transA && x.shape.length > 2 && y.shape.length === 2) {
      const flat = this.matmul(this.reshape(x, [-1, x.shape[x.shape.length - 1]]), y, options);
      return this.reshape(flat, [...x.shape.slice(0, -1), flat.shape[1]]);
    }
    return this.graph.apply('matmul', [x, y], { transA, transB });
  }
  /** x [...,C] -> [...,O]: all rows as one product with weight [O,C], plus bias [O]. */
  linear(x: Value, weight: Value, bias: Value): Value {
    const rows = this.reshape(x, [-1, x.shape[x.shape.length - 1]]);
    const y = this.graph.apply('linear', [rows, weight, bias], {});
    return this.reshape(y, [...x.shape.slice(0, -1), weight.shape[0]]);
  }
  conv2d(x: Value, weight: Value, bias: Value | null, options: ConvOptions = {}): Value {
    return this.graph.apply('conv2d', bias ? [x, weight, bias] : [x, weight], convAttrs(options));
  }
  convInputGrad(grad: Value, weight: Value, inputShape: Shape, options: ConvOptions): Value {
    const attrs = { ...convAttrs(options), size: [inputShape[2], inputShape[3]] };
    return this.graph.apply('convInputGrad', [grad, weight], attrs);
  }
  convWeightGrad(x: Value, grad: Value, weightShape: Shape, options: ConvOptions): Value {
    const attrs = { ...convAttrs(options), kernel: [weightShape[2], weightShape[3]] };
    return this.graph.apply('convWeightGrad', [x, grad], attrs);
  }
  gather(table: Value, ids: Value): Value {
    return this.graph.apply('gather', [table, ids], {});
  }
  scatterRows(grad: Value, ids: Value, rows: number): Value {
    return this.graph.apply('scatterRows', [grad, ids], { rows });
  }
  softmax(x: Value, axis = -1): Value {
    return this.graph.apply('softmax', [x], { axis: normalizeAxis(axis, x.shape.length) });
  }
  /** softmax(logits) v over the last axes. */
  attend(logits: Value, v: Value): Value {
    return this.graph.apply('attend', [logits, v], {});
  }
  groupNorm(x: Value, weight: Value, bias: Value, { groups, eps }: GroupNormAttrs): Value {
    return this.graph.apply('groupNorm', [x, weight, bias], { groups, eps });
  }
  groupNormalized(x: Value, { groups, eps }: GroupNormAttrs): Value {
    return this.graph.apply('groupNormalized', [x], { groups, eps });
  }
  groupRstd(x: Value, { groups, eps }: GroupNormAttrs): Value {
    return this.graph.apply('groupRstd', [x], { groups, eps });
  }
  /** x [R,L], a factor and an offset per row [R]. */
  scaleShift(x: Value, scale: Value, shift: Value): Value {
    return this.graph.apply('scaleShift', [x, scale, shift], {});
  }
  normalizeRows(x: Value, eps: number): Value {
    return this.graph.apply('normalizeRows', [x], { eps });
  }
  rowRstd(x: Value, eps: number): Value {
    return this.graph.apply('rowRstd', [x], { eps });
  }
  upsampleNearest2x(x: Value): Value {
    return this.#unary('upsampleNearest2x', x);
  }
  sumCells2x(x: Value): Value {
    return this.#unary('sumCells2x', x);
  }

  #value(x: Operand): Value {
    return typeof x === 'number' ? this.scalar(x) : x;
  }
  #keepsShape(x: Operand, other: Operand): boolean {
    const v = this.#value(x);
    return v.shape.length >= this.#value(other).shape.length && v.op !== 'constant';
  }
  #unary(op: OpName, x: Value): Value {
    return this.graph.apply(op, [x], {});
  }
  #binary(op: OpName, x: Operand, y: Operand): Value {
    return this.graph.apply(op, [this.#value(x), this.#value(y)], {});
  }
  #reduce(op: 'sum' | 'max', x: Value, axes: Axes, keepDims: boolean): Value {
    const list = normalizeAxes(axes, x.shape.length);
    return list.length === 0 ? x : this.graph.apply(op, [x], { axes: list, keepDims });
  }
}
