// Constant folding and the small identities that gradient rules leave behind (x*1, x+0, x-0, double negation).

import { sameShape, sizeOf } from '../../tensor/shape.ts';
import { Builder } from '../builder.ts';
import type { Program } from '../graph.ts';
import { interpret } from '../interpret.ts';
import { scalarConstant, type Value } from '../value.ts';
import { copyNode, rewrite } from './rewrite.ts';

const LARGEST_FOLD = 4096;

function foldConstant(b: Builder, node: Value, inputs: readonly Value[]): Value | null {
  if (inputs.length === 0 || node.dtype !== 'float32' || sizeOf(node.shape) > LARGEST_FOLD) return null;
  if (!inputs.every((v) => v.op === 'constant' && v.dtype === 'float32')) return null;
  const scratch = new Builder();
  const copies = inputs.map((v) => copyNode(scratch, v, []));
  const { y } = interpret({ outputs: { y: copyNode(scratch, node, copies) } }, {});
  const [first] = y.data;
  const uniform = y.data.every((v) => v === first);
  return uniform ? b.fill(first, node.shape) : b.constant(Float32Array.from(y.data), node.shape);
}

function identity(node: Value, inputs: readonly Value[]): Value | null {
  const [x, y] = inputs;
  const keep = (v: Value) => (sameShape(v.shape, node.shape) ? v : null);
  switch (node.op) {
    case 'mul':
      return scalarConstant(y) === 1 ? keep(x) : scalarConstant(x) === 1 ? keep(y) : null;
    case 'add':
      return scalarConstant(y) === 0 ? keep(x) : scalarConstant(x) === 0 ? keep(y) : null;
    case 'sub':
      return scalarConstant(y) === 0 ? keep(x) : null;
    case 'neg':
      return x.op === 'neg' ? x.inputs[0] : null;
    default:
      return null;
  }
}

export function fold(program: Program, b: Builder = new Builder()): Program {
  return rewrite(
    b,
    program,
    (builder, node, inputs) => identity(node, inputs) ?? foldConstant(builder, node, inputs),
  );
}
