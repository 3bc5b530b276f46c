// The one reverse walk over a graph: it knows no ops, and the rules it calls do not walk.

import { invariant } from '../base/errors.ts';
import type { Builder } from '../graph/builder.ts';
import type { OpRecord } from '../graph/op.ts';
import { OPS, type OpName } from '../graph/ops/table.ts';
import type { Value } from '../graph/value.ts';
import { broadcastAxes, sameShape } from '../tensor/shape.ts';

/** What a rule is given: a forward node (itself, or an equal one computed again) and the gradient of it. */
export interface Visit {
  readonly node: Value;
  readonly grad: Value;
}
/** A share of the gradient of `target`, from one of its users. */
export interface Share {
  readonly target: Value;
  readonly grad: Value;
}
/** Decides what the rule of a node is given; `shares` lists what the rules before it found, in order. */
export type View = (visit: Visit, shares: readonly Share[]) => Visit;

/** Sums a gradient over the axes along which its operand was repeated. */
function unbroadcast(b: Builder, grad: Value, target: Value): Value {
  if (sameShape(grad.shape, target.shape)) return grad;
  return b.reshape(b.sum(grad, broadcastAxes(target.shape, grad.shape), true), target.shape);
}

function recordOf(value: Value): OpRecord<object> | null {
  if (value.op === 'input' || value.op === 'constant') return null;
  return OPS[value.op as OpName] as unknown as OpRecord<object>;
}

/** Values that depend on any of `wrt` by ops with a derivative: only they can carry gradient. */
function influenced(order: readonly Value[], wrt: ReadonlySet<Value>): Set<Value> {
  const live = new Set<Value>();
  for (const v of order) {
    const passes = v.dtype === 'float32' && recordOf(v)?.vjp !== 'zero';
    if (wrt.has(v) || (passes && v.inputs.some((i) => live.has(i)))) live.add(v);
  }
  return live;
}

/**
 * Gradients of the scalar `loss`, the last of `order` that matters, with respect to each of `wrt`; null
 * where it does not depend on one. `order` lists inputs before users and holds all the loss depends on.
 */
export function walkBack(
  b: Builder,
  loss: Value,
  wrt: readonly Value[],
  order: readonly Value[],
  view: View,
): (Value | null)[] {
  invariant(loss.shape.length === 0, `a loss is a scalar, not of rank ${loss.shape.length}`);
  const live = influenced(order, new Set(wrt));
  const parts = new Map<Value, Value[]>([[loss, [b.scalar(1)]]]);
  const total = new Map<Value, Value>();
  const shares: Share[] = [];
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i];
    const incoming = parts.get(node);
    if (!incoming || !live.has(node)) continue;
    const grad = incoming.reduce((x, y) => b.add(x, y));
    total.set(node, grad);
    const vjp = recordOf(node)?.vjp;
    if (!vjp || vjp === 'zero') continue;
    invariant(vjp !== 'none', `${node.op} has no gradient`);
    const visit = view({ node, grad }, shares);
    vjp(b, visit.grad, visit.node, node.attrs).forEach((g, k) => {
      const input = node.inputs[k];
      if (!g || !live.has(input)) return;
      const list = parts.get(input);
      const shaped = unbroadcast(b, g, input);
      shares.push({ target: input, grad: shaped });
      if (list) list.push(shaped);
      else parts.set(input, [shaped]);
    });
  }
  return wrt.map((v) => total.get(v) ?? null);
}
