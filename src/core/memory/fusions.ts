// What ONNX Runtime's optimiser changes in a graph as far as memory is concerned.

import { producers } from './schedule.ts';
import type { Tape, TapeNode } from './tape.ts';

/** x sigmoid(x) with the sigmoid used nowhere else becomes one QuickGelu, which takes scratch of its result's size. */
export function fused(tape: Tape): Tape {
  const by = producers(tape);
  const users = new Int32Array(tape.tensors.length);
  for (const node of tape.nodes) for (const t of node.inputs) if (t >= 0) users[t]++;
  const gone = new Set<number>();
  const nodes = tape.nodes.map((node): TapeNode => {
    if (node.opType !== 'Mul') return node;
    const gate = node.inputs.find(
      (t) => by[t] >= 0 && tape.nodes[by[t]].opType === 'Sigmoid' && users[t] === 1,
    );
    if (gate === undefined) return node;
    const [x] = tape.nodes[by[gate]].inputs;
    if (!node.inputs.includes(x)) return node;
    gone.add(by[gate]);
    return { opType: 'QuickGelu', inputs: [x], outputs: node.outputs };
  });
  return { ...tape, nodes: nodes.filter((_, i) => !gone.has(i)) };
}
