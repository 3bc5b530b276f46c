// What an op is: one total record. A record without a shape rule, a gradient (or the word 'none'),
// a reference evaluation and at least one ONNX lowering does not compile.

import type { NdArray } from '../tensor/ndarray.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Builder } from './builder.ts';
import type { Value } from './value.ts';

export type DType = 'float32' | 'int32' | 'bool';

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Where a lowering writes its ONNX nodes. */
export interface Emitter {
  /** Adds a node with one output; returns the output's name. */
  node(opType: string, inputs: readonly string[], attrs?: OnnxAttrs, domain?: string): string;
  /** Adds a node with several outputs. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attrs?: OnnxAttrs,
    domain?: string,
  ): string[];
  /** int64 initialiser, shared by equal content. */
  ints(values: readonly number[]): string;
  /** float32 initialiser, shared by equal content. */
  floats(values: Float32Array | readonly number[], shape: Shape): string;
  /** Result computed once per key and graph, for ops that share one ONNX node. */
  shared<T>(key: string, make: () => T): T;
}

export type OnnxAttr = number | { readonly float: number } | string | readonly number[];
export type OnnxAttrs = Readonly<Record<string, OnnxAttr>>;

/** One way of writing an op as ONNX nodes. The tuner picks among those whose `when` holds. */
export interface Lowering<A> {
  readonly name: string;
  readonly when?: (node: Value, attrs: A) => boolean;
  readonly emit: (e: Emitter, inputs: readonly string[], attrs: A, node: Value) => string;
}

/**
 * Gradient rule: given the gradient of the result, the gradient of each input (null: none flows).
 * A rule never walks the graph and never unbroadcasts: the walk does both.
 */
export type Vjp<A> = (b: Builder, grad: Value, node: Value, attrs: A) => readonly (Value | null)[];

export interface OpRecord<A extends object> {
  readonly infer: (inputs: readonly TensorType[], attrs: A) => TensorType;
  /**
   * `'none'`: this op has no rule, and asking for its gradient is a bug.
   * `'zero'`: its derivative is zero, or declared so; the walk does not go past it.
   */
  readonly vjp: Vjp<A> | 'none' | 'zero';
  readonly eval: (inputs: readonly NdArray[], attrs: A, out: TensorType) => NdArray;
  readonly lowerings: readonly [Lowering<A>, ...Lowering<A>[]];
}

/** The common case: one lowering called 'default'. */
export function lower<A>(
  emit: (e: Emitter, inputs: readonly string[], attrs: A, node: Value) => string,
): readonly [Lowering<A>, ...Lowering<A>[]] {
  return [{ name: 'default', emit }];
}

export type NoAttrs = Record<string, never>;
