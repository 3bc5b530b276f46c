// The order in which ONNX Runtime runs a graph: depth first from the last sink, later inputs first.

import type { Tape } from './tape.ts';

/** Node that writes each tensor; -1 for inputs and constants. */
export function producers({ tensors, nodes }: Tape): Int32Array {
  const by = new Int32Array(tensors.length).fill(-1);
  nodes.forEach((node, i) => {
    for (const t of node.outputs) by[t] = i;
  });
  return by;
}

/**
 * Indices of nodes in execution order (ONNX Runtime's GraphViewer: a reverse depth-first walk from the nodes
 * nobody reads; of several, the one written last is walked first, and so are the inputs of a node).
 */
export function executionOrder(tape: Tape): number[] {
  const { nodes } = tape;
  const by = producers(tape);
  const read = new Uint8Array(nodes.length);
  const inputsOf = nodes.map((node) => {
    const from = [...new Set(node.inputs.filter((t) => t >= 0 && by[t] >= 0).map((t) => by[t]))];
    for (const i of from) read[i] = 1;
    return from.sort((a, b) => a - b);
  });
  const order: number[] = [];
  const visited = new Uint8Array(nodes.length);
  const stack: { node: number; leave: boolean }[] = [];
  nodes.forEach((_, i) => {
    if (!read[i]) stack.push({ node: i, leave: false });
  });
  while (stack.length > 0) {
    const { node, leave } = stack.pop() as { node: number; leave: boolean };
    if (leave) order.push(node);
    else if (!visited[node]) {
      visited[node] = 1;
      stack.push({ node, leave: true });
      for (const i of inputsOf[node]) if (!visited[i]) stack.push({ node: i, leave: false });
    }
  }
  return order;
}
