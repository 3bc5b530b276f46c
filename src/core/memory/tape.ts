// A program as ONNX Runtime meets it: every node of every lowering with the sizes of its results.

import type { Program } from '../graph/graph.ts';
import type { OnnxAttrs } from '../graph/op.ts';
import { emitOnnx, type LoweringChoice } from '../onnx/emit.ts';
import { inferOutputs, type TensorFacts } from './onnx-shapes.ts';

export interface TapeNode {
  readonly opType: string;
  /** Indices into `tensors`; -1 for an input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface Tape {
  readonly tensors: readonly TensorFacts[];
  readonly nodes: readonly TapeNode[];
  /** Tensors that are fed, that lie in the model, and that are returned. */
  readonly inputs: readonly number[];
  readonly initializers: readonly number[];
  readonly outputs: readonly number[];
}

/** The largest tensor among `inputs`: what an unknown node is taken to write. */
function largest(inputs: readonly (TensorFacts | null)[]): TensorFacts {
  const size = (t: TensorFacts) => t.shape.reduce((n, d) => n * d, 1);
  const known = inputs.filter((t) => t !== null);
  return known.reduce((a, b) => (size(b) > size(a) ? b : a), { dtype: 'float32', shape: [], values: null });
}

/** Records what `emitOnnx` writes for a program. */
export function tapeOf(program: Program, choice?: LoweringChoice): Tape {
  const tensors: TensorFacts[] = [];
  const index = new Map<string, number>();
  const nodes: TapeNode[] = [];
  const inputs: number[] = [];
  const initializers: number[] = [];
  const add = (name: string, facts: TensorFacts): number => {
    const at = tensors.push(facts) - 1;
    index.set(name, at);
    return at;
  };
  const at = (name: string) => (name === '' ? -1 : (index.get(name) as number));
  const model = emitOnnx(program, {
    choice,
    trace: {
      initializer(name, type, values) {
        initializers.push(add(name, { ...type, values }));
      },
      node(opType: string, from: readonly string[], to: readonly string[], attrs: OnnxAttrs) {
        const facts = from.map((name) => (name === '' ? null : tensors[at(name)]));
        const found = inferOutputs(opType, facts, attrs);
        const outputs = to.map((name, i) => add(name, found?.[i] ?? largest(facts)));
        nodes.push({ opType, inputs: from.map(at), outputs });
      },
      value(name, { op, dtype, shape }) {
        if (op === 'input') inputs.push(add(name, { dtype, shape, values: null }));
        // What an unknown node wrote is known once it is the result of an op.
        else tensors[at(name)] = { dtype, shape, values: tensors[at(name)].values };
      },
    },
  });
  return { tensors, nodes, inputs, initializers, outputs: Object.keys(model.outputs).map(at) };
}
