// What the choice among an op's lowerings depends on: the op, its attributes and the shapes it works on.

import type { Program } from '../graph/graph.ts';
import { topologicalOrder, type Value } from '../graph/value.ts';
import { candidatesOf } from './emit.ts';

/** Equal for nodes that every lowering treats alike. */
export function loweringKey(node: Value): string {
  const shapes = node.inputs.map((v) => v.shape.join('x')).join(' ');
  return `${node.op} ${shapes} ${JSON.stringify(node.attrs)}`;
}

/** One node per key among those of `programs` that have a choice and are of one of `ops`. */
export function nodesWithChoice(programs: readonly Program[], ops: ReadonlySet<string>): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const program of programs) {
    for (const node of topologicalOrder(Object.values(program.outputs))) {
      if (!ops.has(node.op)) continue;
      const key = loweringKey(node);
      if (!found.has(key) && candidatesOf(node).length > 1) found.set(key, node);
    }
  }
  return found;
}
