// Shapes of ONNX results from those of their inputs, for every node type that lowerings write.

import type { OnnxAttrs } from '../graph/op.ts';
import type { ElementType } from '../onnx/model.ts';
import { broadcastShapes, normalizeAxes, reducedShape, type Shape, sizeOf } from '../tensor/shape.ts';

/** A tensor of the ONNX graph; `values` of small integer constants, which shapes depend on. */
export interface TensorFacts {
  readonly dtype: ElementType;
  readonly shape: Shape;
  readonly values: readonly number[] | null;
}

type Inputs = readonly (TensorFacts | null)[];
type ShapeRule = (inputs: Inputs, attrs: OnnxAttrs) => Shape | readonly Shape[] | null;

const ELEMENT_BYTES: Record<ElementType, number> = { float32: 4, int32: 4, int64: 8, bool: 1 };
const CAST_TYPES: Readonly<Record<number, ElementType>> = { 1: 'float32', 6: 'int32', 7: 'int64', 9: 'bool' };

export const bytesOf = ({ dtype, shape }: { dtype: ElementType; shape: Shape }): number =>
  ELEMENT_BYTES[dtype] * sizeOf(shape);

const list = (attr: OnnxAttrs[string] | undefined, fallback: readonly number[]): readonly number[] =>
  Array.isArray(attr) ? attr : fallback;
const flag = (attr: OnnxAttrs[string] | undefined): boolean => attr === 1;

const same: ShapeRule = ([x]) => x?.shape ?? null;
const broadcast: ShapeRule = (inputs) =>
  inputs.map((t) => (t as TensorFacts).shape).reduce((a, b) => broadcastShapes(a, b));

const reduce: ShapeRule = ([x, axes], { keepdims = 1 }) => {
  if (!x || !axes?.values) return null;
  return reducedShape(x.shape, normalizeAxes(axes.values, x.shape.length), flag(keepdims));
};

const matrixProduct: ShapeRule = ([a, b], { transA, transB }) => {
  if (!a || !b) return null;
  const [m] = a.shape.slice(flag(transA) ? -1 : -2);
  const [n] = b.shape.slice(flag(transB) ? -2 : -1);
  return [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
};

const reshape: ShapeRule = ([x, to]) => {
  if (!x || !to?.values) return null;
  const shape = to.values.map((d, i) => (d === 0 ? x.shape[i] : d));
  const known = shape.filter((d) => d >= 0);
  return shape.map((d) => (d < 0 ? sizeOf(x.shape) / sizeOf(known) : d));
};

const slice: ShapeRule = ([x, starts, ends, axes, steps]) => {
  if (!x || !starts?.values || !ends?.values) return null;
  const shape = [...x.shape];
  const along = axes?.values ?? shape.map((_, i) => i);
  along.forEach((axis, k) => {
    const step = steps?.values?.[k] ?? 1;
    const a = axis < 0 ? axis + shape.length : axis;
    const d = shape[a];
    const at = (v: number) => (v < 0 ? v + d : v);
    const [low, high] = step > 0 ? [0, d] : [-1, d - 1];
    const clamp = (v: number) => Math.min(high, Math.max(low, at(v)));
    const [from, to] = [clamp(starts.values?.[k] ?? 0), clamp(ends.values?.[k] ?? 0)];
    shape[a] = Math.max(0, Math.ceil((to - from) / step));
  });
  return shape;
};

const conv: ShapeRule = ([x, w], attrs) => {
  if (!x || !w) return null;
  const kernel = list(attrs.kernel_shape, w.shape.slice(2));
  const pads = list(attrs.pads, [0, 0, 0, 0]);
  const strides = list(attrs.strides, [1, 1]);
  const dilations = list(attrs.dilations, [1, 1]);
  const out = [0, 1].map((i) => {
    const span = dilations[i] * (kernel[i] - 1) + 1;
    return Math.floor((x.shape[2 + i] + pads[i] + pads[i + 2] - span) / strides[i]) + 1;
  });
  return [x.shape[0], w.shape[0], ...out];
};

const convTranspose: ShapeRule = ([x, w], attrs) => {
  if (!x || !w) return null;
  const kernel = list(attrs.kernel_shape, w.shape.slice(2));
  const pads = list(attrs.pads, [0, 0, 0, 0]);
  const strides = list(attrs.strides, [1, 1]);
  const dilations = list(attrs.dilations, [1, 1]);
  const extra = list(attrs.output_padding, [0, 0]);
  const groups = typeof attrs.group === 'number' ? attrs.group : 1;
  const out = [0, 1].map(
    (i) =>
      strides[i] * (x.shape[2 + i] - 1) +
      extra[i] +
      dilations[i] * (kernel[i] - 1) +
      1 -
      pads[i] -
      pads[i + 2],
  );
  return [x.shape[0], w.shape[1] * groups, ...out];
};

const averagePool: ShapeRule = ([x], attrs) => {
  if (!x) return null;
  const kernel = list(attrs.kernel_shape, [1, 1]);
  const strides = list(attrs.strides, [1, 1]);
  return [
    ...x.shape.slice(0, 2),
    ...[0, 1].map((i) => Math.floor((x.shape[2 + i] - kernel[i]) / strides[i]) + 1),
  ];
};

const layerNormalization: ShapeRule = ([x]) => {
  if (!x) return null;
  const row = [...x.shape.slice(0, -1), 1];
  return [x.shape, row, row];
};

const RULES: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(
    ['Neg', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Sin', 'Cos', 'Tanh', 'Sigmoid', 'Erf', 'Abs', 'Sign', 'Relu']
      .concat([
        'Softplus',
        'Softmax',
        'Gelu',
        'QuickGelu',
        'Identity',
        'Cast',
        'ScatterND',
        'BatchNormalization',
      ])
      .map((op) => [op, same]),
  ),
  ...Object.fromEntries(
    ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Greater', 'Less', 'Equal', 'Where', 'Sum'].map(
      (op) => [op, broadcast],
    ),
  ),
  AveragePool: averagePool,
  Concat: (inputs, { axis }) => {
    const shapes = inputs.map((t) => (t as TensorFacts).shape);
    const total = shapes.reduce((n, s) => n + s[axis as number], 0);
    return shapes[0].map((d, i) => (i === axis ? total : d));
  },
  Conv: conv,
  ConvTranspose: convTranspose,
  Expand: ([x, to]) => (x && to?.values ? broadcastShapes(x.shape, to.values) : null),
  FusedMatMul: matrixProduct,
  Gemm: matrixProduct,
  Gather: ([x, ids]) => (x && ids ? [...ids.shape, ...x.shape.slice(1)] : null),
  LayerNormalization: layerNormalization,
  MatMul: matrixProduct,
  Pad: ([x, pads]) => {
    const p = pads?.values;
    return x && p ? x.shape.map((d, i) => d + p[i] + p[i + x.shape.length]) : null;
  },
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceSum: reduce,
  Reshape: reshape,
  Resize: ([x, , scales]) => (x && scales ? [...x.shape.slice(0, 2), 2 * x.shape[2], 2 * x.shape[3]] : null),
  Slice: slice,
  Transpose: ([x], { perm }) => (x ? list(perm, []).map((p) => x.shape[p]) : null),
};

function elementType(opType: string, inputs: Inputs, attrs: OnnxAttrs): ElementType {
  if (opType === 'Greater' || opType === 'Less' || opType === 'Equal') return 'bool';
  if (opType === 'Cast') return CAST_TYPES[attrs.to as number] ?? 'float32';
  return inputs[opType === 'Where' ? 1 : 0]?.dtype ?? 'float32';
}

/** Facts of the first outputs of a node; null where no rule knows the type (the caller then has to guess). */
export function inferOutputs(opType: string, inputs: Inputs, attrs: OnnxAttrs): TensorFacts[] | null {
  const found = RULES[opType]?.(inputs, attrs) ?? null;
  if (!found) return null;
  const shapes = (Array.isArray(found[0]) ? found : [found]) as readonly Shape[];
  const dtype = elementType(opType, inputs, attrs);
  return shapes.map((shape) => ({ dtype, shape, values: null }));
}
