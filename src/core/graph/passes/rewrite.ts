// Rebuilds a program node by node; what every pass is written with. Rebuilding merges equal nodes (CSE)
// and leaves dead ones behind (dead-code removal).

import type { Builder } from '../builder.ts';
import type { Program } from '../graph.ts';
import type { OpName } from '../ops/table.ts';
import { constantData, inputName, topologicalOrder, type Value } from '../value.ts';

/** Returns a replacement for a node whose inputs are already rebuilt, or null to copy it. */
export type Rule = (b: Builder, node: Value, inputs: readonly Value[]) => Value | null;

export function copyNode(b: Builder, node: Value, inputs: readonly Value[]): Value {
  if (node.op === 'input') return b.graph.input(inputName(node), node.shape, node.dtype);
  if (node.op === 'constant') return b.graph.constant(constantData(node), node.shape, node.dtype);
  return b.graph.apply(node.op as OpName, inputs, node.attrs);
}

export function rewrite(b: Builder, program: Program, rule: Rule): Program {
  const built = new Map<Value, Value>();
  for (const node of topologicalOrder(Object.values(program.outputs))) {
    const inputs = node.inputs.map((v) => built.get(v) as Value);
    built.set(node, rule(b, node, inputs) ?? copyNode(b, node, inputs));
  }
  const outputs = Object.entries(program.outputs).map(([name, v]) => [name, built.get(v) as Value] as const);
  return { outputs: Object.fromEntries(outputs) };
}
