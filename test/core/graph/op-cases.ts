// One or more small programs per op: what the gradient, interpreter and ONNX Runtime tests all run over.

import type { Builder, ConvOptions } from '../../../src/core/graph/builder.ts';
import type { DType } from '../../../src/core/graph/op.ts';
import type { OpName } from '../../../src/core/graph/ops/table.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { type Shape, sizeOf } from '../../../src/core/tensor/shape.ts';

export interface InputSpec {
  readonly shape: Shape;
  /** Values are spread evenly over this range, in a shuffled order: no ties, none at a kink. */
  readonly range?: readonly [number, number];
  /** int32 values given one by one. */
  readonly ids?: readonly number[];
}

export interface OpCase {
  readonly op: OpName;
  readonly name: string;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly build: (b: Builder, v: Readonly<Record<string, Value>>) => Value;
  /** 'cut': the derivative is declared zero although the value changes. */
  readonly gradient?: 'cut';
}

export const dtypeOf = (spec: InputSpec): DType => (spec.ids ? 'int32' : 'float32');

/** Numbers for one input; `salt` keeps two inputs of a case from sharing values. */
export function valuesFor(spec: InputSpec, salt: number): Float32Array | Int32Array {
  if (spec.ids) return Int32Array.from(spec.ids);
  const n = sizeOf(spec.shape);
  const [low, high] = spec.range ?? [-2, 2];
  let state = 12345 + 977 * salt;
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const j = (state >>> 8) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const offset = 0.21 + 0.6 * ((salt * 0.381966) % 1);
  return Float32Array.from(order, (k) => low + ((high - low) * (k + offset)) / n);
}

const elementwise: Shape = [3, 5];
type Word = Exclude<keyof Builder, 'graph'>;
type UnaryWord = { [W in Word]: Builder[W] extends (x: Value) => Value ? W : never }[Word];

function unary(op: OpName & UnaryWord, range?: readonly [number, number], gradient?: 'cut'): OpCase {
  return {
    op,
    name: op,
    inputs: { x: { shape: elementwise, range } },
    build: (b, { x }) => b[op](x),
    gradient,
  };
}

type BinaryWord = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'greater' | 'equal';
function binary(op: BinaryWord, x: Shape, y: Shape, range?: readonly [number, number]): OpCase {
  return {
    op,
    name: `${op} [${x}] [${y}]`,
    inputs: { x: { shape: x, range }, y: { shape: y, range } },
    build: (b, v) => {
      const out = b[op](v.x, v.y);
      return out.dtype === 'bool' ? b.cast(out, 'float32') : out;
    },
  };
}

function groupNormCases(name: string, x: Shape, range: readonly [number, number]): OpCase[] {
  const attrs = { groups: x[1] === 4 ? 2 : 1, eps: 1e-5 };
  const inputs = { x: { shape: x, range } };
  return [
    {
      op: 'groupNorm',
      name: `groupNorm ${name}`,
      inputs: { ...inputs, weight: { shape: [x[1]] }, bias: { shape: [x[1]] } },
      build: (b, v) => b.groupNorm(v.x, v.weight, v.bias, attrs),
    },
    {
      op: 'groupNormalized',
      name: `groupNormalized ${name}`,
      inputs,
      build: (b, v) => b.groupNormalized(b.stopGradient(v.x), attrs),
      gradient: 'cut',
    },
    {
      op: 'groupRstd',
      name: `groupRstd ${name}`,
      inputs,
      build: (b, v) => b.groupRstd(b.stopGradient(v.x), attrs),
      gradient: 'cut',
    },
  ];
}

function convCases(name: string, x: Shape, w: Shape, options: ConvOptions): OpCase[] {
  const inputs = { x: { shape: x }, w: { shape: w }, bias: { shape: [w[0]] } };
  return [
    { op: 'conv2d', name: `conv2d ${name}`, inputs, build: (b, v) => b.conv2d(v.x, v.w, v.bias, options) },
    {
      op: 'convInputGrad',
      name: `convInputGrad ${name}`,
      inputs: { x: inputs.x, w: inputs.w },
      build: (b, { x: input, w: weight }) => {
        const out = b.conv2d(input, weight, null, options);
        return b.convInputGrad(b.mul(out, 0.25), weight, x, options);
      },
    },
    {
      op: 'convWeightGrad',
      name: `convWeightGrad ${name}`,
      inputs: { x: inputs.x, w: inputs.w },
      build: (b, { x: input, w: weight }) => {
        const out = b.stopGradient(b.conv2d(input, weight, null, options));
        return b.convWeightGrad(b.stopGradient(input), b.mul(out, 0.25), w, options);
      },
      gradient: 'cut',
    },
  ];
}

function matmulCase(x: Shape, y: Shape, transA = false, transB = false): OpCase {
  return {
    op: 'matmul',
    name: `matmul [${x}]${transA ? "'" : ''} [${y}]${transB ? "'" : ''}`,
    inputs: { x: { shape: x }, y: { shape: y } },
    build: (b, v) => b.matmul(v.x, v.y, { transA, transB }),
  };
}

function slice(x: Shape, starts: number[], ends: number[], steps: number[]): OpCase {
  return {
    op: 'slice',
    name: `slice ${starts}:${ends}:${steps} of [${x}]`,
    inputs: { x: { shape: x } },
    build: (b, v) => b.slice(v.x, starts, ends, steps),
  };
}

const positive = [0.3, 3] as const;

export const OP_CASES: readonly OpCase[] = [
  unary('neg'),
  unary('exp'),
  unary('log', positive),
  unary('sqrt', positive),
  unary('reciprocal', positive),
  unary('sin'),
  unary('cos'),
  unary('tanh'),
  unary('sigmoid', [-9, 9]),
  unary('erf', [-4, 4]),
  unary('softplus', [-6, 6]),
  unary('abs'),
  unary('sign'),
  unary('relu'),
  unary('silu', [-6, 6]),
  unary('gelu', [-4, 4]),
  unary('stopGradient', [-2, 2], 'cut'),
  binary('add', [2, 3, 4], [3, 1]),
  binary('sub', [2, 1, 4], [1, 3, 1]),
  binary('mul', [4], [2, 3, 4]),
  binary('div', [2, 3, 4], [3, 1], positive),
  binary('maximum', [3, 4], [2, 1, 4]),
  binary('greater', [3, 4], [4]),
  binary('equal', [3, 4], [4]),
  {
    op: 'pow',
    name: 'pow 1.5',
    inputs: { x: { shape: elementwise, range: positive } },
    build: (b, { x }) => b.pow(x, 1.5),
  },
  {
    op: 'pow',
    name: 'pow 3 of negative numbers',
    inputs: { x: { shape: elementwise } },
    build: (b, { x }) => b.pow(x, 3),
  },
  {
    op: 'where',
    name: 'where, broadcast',
    inputs: { c: { shape: [3, 1] }, x: { shape: [3, 4] }, y: { shape: [2, 1, 4] } },
    build: (b, { c, x, y }) => b.where(b.greater(c, 0), x, y),
  },
  {
    op: 'cast',
    name: 'cast bool to float32',
    inputs: { x: { shape: [3, 4] } },
    build: (b, { x }) => b.cast(b.greater(x, 0), 'float32'),
  },
  {
    op: 'cast',
    name: 'cast float32 to int32 and back (truncates)',
    inputs: { x: { shape: [3, 4] } },
    build: (b, { x }) => b.cast(b.cast(x, 'int32'), 'float32'),
  },
  {
    op: 'after',
    name: 'after',
    inputs: { x: { shape: [3, 4] }, cause: { shape: [2, 2] } },
    build: (b, { x, cause }) => b.mul(b.after(x, cause), x),
  },
  {
    op: 'reshape',
    name: 'reshape',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.reshape(x, [6, -1]),
  },
  {
    op: 'transpose',
    name: 'transpose 2 0 1',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.transpose(x, [2, 0, 1]),
  },
  slice([6, 8], [1, 0], [5, 7], [2, 3]),
  slice([5, 4, 7], [1, 1, 2], [4, 3, 7], [1, 1, 2]),
  slice([6, 6], [1, 0], [6, 6], [5, 2]),
  {
    op: 'reverse',
    name: 'reverse',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.reverse(x, [0, 2]),
  },
  {
    op: 'pad',
    name: 'pad',
    inputs: { x: { shape: [2, 3] } },
    build: (b, { x }) => b.pad(x, [1, 0], [2, 3], 0.5),
  },
  {
    op: 'concat',
    name: 'concat',
    inputs: { x: { shape: [2, 3, 2] }, y: { shape: [2, 1, 2] }, z: { shape: [2, 2, 2] } },
    build: (b, { x, y, z }) => b.concat([x, y, z, x], 1),
  },
  {
    op: 'expand',
    name: 'expand',
    inputs: { x: { shape: [3, 1] } },
    build: (b, { x }) => b.expand(x, [2, 3, 4]),
  },
  { op: 'sum', name: 'sum 0,2', inputs: { x: { shape: [2, 3, 4] } }, build: (b, { x }) => b.sum(x, [0, 2]) },
  { op: 'sum', name: 'sum all', inputs: { x: { shape: [2, 3] } }, build: (b, { x }) => b.sum(x, 'all') },
  {
    op: 'sum',
    name: 'sum 1, kept',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.sum(x, [1], true),
  },
  { op: 'max', name: 'max all', inputs: { x: { shape: [2, 3, 4] } }, build: (b, { x }) => b.max(x, 'all') },
  {
    op: 'max',
    name: 'max -1, kept',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.max(x, [-1], true),
  },
  matmulCase([3, 4], [4, 5]),
  matmulCase([4, 3], [4, 5], true),
  matmulCase([3, 4], [5, 4], false, true),
  matmulCase([4, 3], [5, 4], true, true),
  matmulCase([2, 3, 4], [4, 5]),
  matmulCase([2, 3, 4], [5, 4], false, true),
  matmulCase([2, 4, 3], [4, 5], true),
  matmulCase([2, 1, 3, 4], [2, 4, 5]),
  matmulCase([2, 1, 4, 3], [2, 5, 4], true, true),
  ...convCases('3x3, padded', [2, 3, 5, 6], [4, 3, 3, 3], { pads: 1 }),
  ...convCases('3x3, stride 2', [1, 3, 6, 5], [2, 3, 3, 3], { pads: 1, stride: 2 }),
  ...convCases('3x3, stride 2, rest left over', [1, 2, 6, 8], [2, 2, 3, 3], { stride: 2 }),
  ...convCases('3x3, right and bottom padded, stride 2', [1, 2, 6, 4], [3, 2, 3, 3], {
    pads: [0, 0, 1, 1],
    stride: 2,
  }),
  ...convCases('1x1', [2, 5, 3, 4], [4, 5, 1, 1], {}),
  ...convCases('1x1, padded more than the kernel', [1, 2, 3, 4], [2, 2, 1, 1], { pads: [0, 0, 1, 2] }),
  ...convCases('1x1, stride 2', [1, 2, 5, 4], [3, 2, 1, 1], { stride: 2 }),
  ...convCases('1x3', [1, 3, 4, 5], [2, 3, 1, 3], { pads: [0, 1] }),
  ...convCases('3x3, dilation 2', [1, 2, 7, 6], [2, 2, 3, 3], { pads: 2, dilation: 2 }),
  ...convCases('3x3, 2 groups', [2, 4, 4, 5], [6, 2, 3, 3], { pads: 1, groups: 2 }),
  ...convCases('depthwise, stride 2', [1, 3, 5, 5], [3, 1, 3, 3], { pads: 1, groups: 3, stride: 2 }),
  ...convCases('5x5, stride 4', [1, 2, 13, 11], [2, 2, 5, 5], { pads: 2, stride: 4 }),
  {
    op: 'gather',
    name: 'gather, repeated ids',
    inputs: { table: { shape: [6, 4] }, ids: { shape: [2, 4], ids: [3, 0, 3, 5, 5, 3, 1, 0] } },
    build: (b, { table, ids }) => b.gather(table, ids),
  },
  {
    op: 'scatterRows',
    name: 'scatterRows, repeated ids',
    inputs: { grad: { shape: [2, 4, 3] }, ids: { shape: [2, 4], ids: [3, 0, 3, 5, 5, 3, 1, 0] } },
    build: (b, { grad, ids }) => b.scatterRows(grad, ids, 7),
  },
  {
    op: 'softmax',
    name: 'softmax -1',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.softmax(x),
  },
  {
    op: 'softmax',
    name: 'softmax 1',
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.softmax(x, 1),
  },
  {
    op: 'normalizeRows',
    name: 'normalizeRows',
    inputs: { x: { shape: [3, 7] } },
    build: (b, { x }) => b.normalizeRows(x, 1e-5),
  },
  {
    op: 'normalizeRows',
    name: 'normalizeRows, small spread about a large mean',
    inputs: { x: { shape: [2, 8], range: [5, 5.2] } },
    build: (b, { x }) => b.normalizeRows(x, 1e-5),
  },
  ...groupNormCases('2 groups', [2, 4, 3, 2], [-2, 2]),
  ...groupNormCases('one group of a picture, small spread about a large mean', [1, 3, 2, 2], [5, 5.2]),
  {
    op: 'scaleShift',
    name: 'scaleShift',
    inputs: { x: { shape: [3, 5] }, scale: { shape: [3] }, shift: { shape: [3] } },
    build: (b, { x, scale, shift }) => b.scaleShift(x, scale, shift),
  },
  {
    op: 'linear',
    name: 'linear',
    inputs: { x: { shape: [2, 3, 5] }, w: { shape: [4, 5] }, bias: { shape: [4] } },
    build: (b, { x, w, bias }) => b.linear(x, w, bias),
  },
  {
    op: 'attend',
    name: 'attend',
    inputs: { logits: { shape: [2, 2, 3, 5] }, v: { shape: [2, 2, 5, 4] } },
    build: (b, { logits, v }) => b.attend(logits, v),
  },
  {
    op: 'matmul',
    name: 'matmul, large transposed left side',
    inputs: { x: { shape: [2, 3, 12] }, y: { shape: [2, 3, 2] } },
    build: (b, { x, y }) => b.matmul(x, y, { transA: true }),
  },
  {
    op: 'rowRstd',
    name: 'rowRstd',
    inputs: { x: { shape: [3, 7] } },
    build: (b, { x }) => b.rowRstd(b.stopGradient(x), 1e-5),
    gradient: 'cut',
  },
  {
    op: 'upsampleNearest2x',
    name: 'upsampleNearest2x',
    inputs: { x: { shape: [2, 2, 3, 4] } },
    build: (b, { x }) => b.upsampleNearest2x(x),
  },
  {
    op: 'sumCells2x',
    name: 'sumCells2x',
    inputs: { x: { shape: [1, 2, 4, 6] } },
    build: (b, { x }) => b.sumCells2x(x),
  },
];
