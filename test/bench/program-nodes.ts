// Which IR op an ONNX node comes from, and how many floating point operations a program's heavy ops do.

import type { Program } from '../../src/core/graph/graph.ts';
import { topologicalOrder, type Value } from '../../src/core/graph/value.ts';
import type { EmitTrace } from '../../src/core/onnx/emit.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';

/** A trace that remembers the IR op of every ONNX node by the node's name. */
export function nodeOwners(): { owners: Map<string, string>; trace: EmitTrace } {
  const owners = new Map<string, string>();
  let pending: string[] = [];
  const trace: EmitTrace = {
    initializer: () => {},
    node: (opType, _inputs, outputs) => pending.push(`${opType} ${outputs[0]}`),
    value: (_name, value) => {
      for (const node of pending) owners.set(node, value.op);
      pending = [];
    },
  };
  return { owners, trace };
}

/** Two per multiply-add. */
function flopsOf(node: Value): number {
  const [x, w] = node.inputs.map((v) => v.shape);
  switch (node.op) {
    case 'conv2d':
      return 2 * sizeOf(node.shape) * sizeOf(w.slice(1));
    case 'convInputGrad':
      return 2 * sizeOf(x) * sizeOf(w.slice(1));
    case 'convWeightGrad':
      return 2 * sizeOf(node.shape.slice(1)) * sizeOf(w);
    case 'matmul': {
      const inner = (node.attrs as { transA: boolean }).transA ? x[x.length - 2] : x[x.length - 1];
      return 2 * sizeOf(node.shape) * inner;
    }
    default:
      return 0;
  }
}

/** Of every convolution and matrix product of a program. */
export function programFlops(program: Program): { op: string; flop: number }[] {
  return topologicalOrder(Object.values(program.outputs))
    .map((node) => ({ op: node.op, flop: flopsOf(node) }))
    .filter(({ flop }) => flop > 0);
}
