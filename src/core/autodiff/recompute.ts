// Gradient checkpointing: gradients that keep only chosen activations and compute the others again.

import type { Builder } from '../graph/builder.ts';
import type { OpName } from '../graph/ops/table.ts';
import { topologicalOrder, type Value } from '../graph/value.ts';
import { walkBack } from './walk.ts';

/**
 * Segment of every value: the index of the first boundary that depends on it (a boundary belongs to the
 * segment it ends); `boundaries.length` for what comes after the last one. Users never come before their inputs.
 */
function segmentsOf(order: readonly Value[], boundaries: ReadonlySet<Value>): Map<Value, number> {
  const ends = order.filter((v) => boundaries.has(v));
  const index = new Map(ends.map((v, i) => [v, i] as const));
  const segments = new Map<Value, number>();
  const lower = (v: Value, s: number) => segments.set(v, Math.min(s, segments.get(v) ?? ends.length));
  for (let i = order.length - 1; i >= 0; i--) {
    const v = order[i];
    lower(v, index.get(v) ?? ends.length);
    for (const input of v.inputs) lower(input, segments.get(v) as number);
  }
  return segments;
}

/**
 * As `gradients`, but between `boundaries` (outputs of blocks, skip connections, the time embedding) the
 * backward pass computes the forward values again from the boundaries before it. A segment's turn comes once
 * the gradient of its end and the parameter gradients of all later segments are known (`after`): left to
 * itself, ONNX Runtime puts parameter gradients off and keeps every copy alive for them.
 *
 * Kept in memory: the boundaries, whatever else one segment takes from another, and everything behind the
 * last boundary. What depends on `wrt` inputs and constants alone (a reshaped weight) is not computed twice.
 * Measured (peak resident, test of 24 residual blocks of two convolutions, 9.4 MB an activation): 1610 MB
 * without, 514 MB with. The pack's U-Net, 8 latents of 32x32: 328 MB of arrays without, 176 MB with.
 */
export function recomputedGradients(
  b: Builder,
  loss: Value,
  wrt: readonly Value[],
  boundaries: readonly Value[],
): (Value | null)[] {
  const found = topologicalOrder([loss]);
  const ends = new Set(boundaries);
  const segments = segmentsOf(found, ends);
  const segment = (v: Value) => segments.get(v) as number;
  const last = found.filter((v) => ends.has(v)).length;
  // Sorting keeps the order topological and makes every segment one run of it that ends with its boundary.
  const order = [...found].sort((x, y) => segment(x) - segment(y));
  const parameters = new Set(wrt);
  const causes = new Map<number, Value>();
  const twins = new Map<Value, Value>();
  let owed = wrt.filter((v) => segments.has(v));

  /** `v` as a value the copy of segment `s` may use. */
  const supplied = (v: Value, s: number): Value => {
    if (v.op === 'constant' || parameters.has(v)) return v;
    const kept = v.op === 'input' || ends.has(v) || segment(v) !== s;
    return kept ? b.after(v, causes.get(s) as Value) : twin(v, s);
  };
  const twin = (v: Value, s: number): Value => {
    const known = twins.get(v);
    if (known) return known;
    const inputs = v.inputs.map((input) => supplied(input, s));
    const copy = b.graph.apply(v.op as OpName, inputs, v.attrs);
    twins.set(v, copy);
    return copy;
  };

  return walkBack(b, loss, wrt, order, (visit, gradientOf) => {
    const s = segment(visit.node);
    if (s === last) return visit;
    let { grad } = visit;
    if (!causes.has(s)) {
      const done = owed.filter((v) => segment(v) > s);
      owed = owed.filter((v) => segment(v) <= s);
      const waitFor = done.flatMap((v) => gradientOf(v) ?? []);
      if (waitFor.length > 0) grad = b.after(grad, waitFor);
      causes.set(s, grad);
    }
    return { node: twin(visit.node, s), grad };
  });
}
