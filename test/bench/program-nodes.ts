// Which IR op an ONNX node comes from, and how many floating point operations a program's heavy ops do.

import { flopsOf } from '../../src/core/graph/flops.ts';
import type { Program } from '../../src/core/graph/graph.ts';
import { topologicalOrder } from '../../src/core/graph/value.ts';
import type { EmitTrace } from '../../src/core/onnx/emit.ts';

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

/** Of every convolution and matrix product of a program. */
export function programFlops(program: Program): { op: string; flop: number }[] {
  return topologicalOrder(Object.values(program.outputs))
    .map((node) => ({ op: node.op, flop: flopsOf(node) }))
    .filter(({ flop }) => flop > 0);
}
