// Reverse-mode differentiation, graph to graph.

import type { Builder } from '../graph/builder.ts';
import { topologicalOrder, type Value } from '../graph/value.ts';
import { walkBack } from './walk.ts';

/**
 * Gradients of a scalar `loss` with respect to each of `wrt`, as values of the same graph;
 * null where the loss does not depend on it. Throws (internal) for an op that says it has no gradient.
 */
export function gradients(b: Builder, loss: Value, wrt: readonly Value[]): (Value | null)[] {
  return walkBack(b, loss, wrt, topologicalOrder([loss]), (visit) => visit);
}
