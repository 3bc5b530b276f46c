// Attention one group of heads at a time: softmax(q k^T / sqrt d) v without ever holding every head's map.

import { invariant } from '../../base/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Builder } from '../builder.ts';
import type { Program } from '../graph.ts';
import type { Value } from '../value.ts';
import { rewrite } from './rewrite.ts';

const FLOAT_BYTES = 4;

interface Parts {
  readonly q: Value;
  readonly k: Value;
  readonly v: Value;
  readonly scale: Value;
  readonly bias: Value | null;
}

const isProduct = (x: Value) => x.op === 'matmul' && x.attrs.transA === false && x.attrs.transB === true;

/** The parts of an attention with the given operands; null where they are not the usual ones. */
function attentionOf(map: Value, v: Value): Parts | null {
  if (map.shape.length !== 4) return null;
  let logits = map;
  let bias: Value | null = null;
  if (logits.op === 'add' && logits.inputs[1].shape.length === 4 && logits.inputs[1].shape[1] === 1) {
    [logits, bias] = logits.inputs;
  }
  if (logits.op !== 'mul' || logits.inputs[1].op !== 'constant') return null;
  const [product, scale] = logits.inputs;
  if (!isProduct(product) || scale.shape.length > 0) return null;
  const [q, k] = product.inputs;
  return { q, k, v, scale, bias };
}

/** Smallest number of equal groups of heads whose maps take at most `bytes`; every head alone if none does. */
function groupsOf(map: readonly number[], bytes: number): number {
  const [, heads] = map;
  for (let groups = 1; groups < heads; groups++) {
    if (heads % groups === 0 && (FLOAT_BYTES * sizeOf(map)) / groups <= bytes) return groups;
  }
  return heads;
}

function sliced(b: Builder, { q, k, v, scale, bias }: Parts, groups: number): Value[] {
  const share = (x: Value, i: number) => b.narrow(x, 1, (i * x.shape[1]) / groups, x.shape[1] / groups);
  return Array.from({ length: groups }, (_, i) => {
    const logits = b.mul(b.matmul(share(q, i), share(k, i), { transB: true }), scale);
    return b.attend(bias ? b.add(logits, bias) : logits, share(v, i));
  });
}

export interface SlicedProgram extends Program {
  /** Results of the groups, in order: natural places to cut a program for recomputation. */
  readonly slices: readonly Value[];
}

/**
 * Rebuilds a program so that no map of attention weights [N,heads,T,L] is larger than `bytes` (one head's map
 * at least). Each head is computed as before; results are concatenated.
 */
export function sliceAttention(b: Builder, program: Program, bytes: number): SlicedProgram {
  invariant(bytes > 0, `attention maps of ${bytes} bytes`);
  const slices: Value[] = [];
  const { outputs } = rewrite(b, program, (builder, node, inputs) => {
    if (node.op !== 'attend') return null;
    const parts = attentionOf(inputs[0], inputs[1]);
    const groups = parts ? groupsOf(inputs[0].shape, bytes) : 1;
    if (!parts || groups === 1) return null;
    const results = sliced(builder, parts, groups);
    slices.push(...results);
    return builder.concat(results, 1);
  });
  return { outputs, slices };
}
