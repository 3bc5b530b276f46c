// Helpers for tests of networks: parameter counts, and feeds with small seeded random numbers.

import { namedRng } from '../../../src/core/base/rng.ts';
import { inputName, topologicalOrder, type Value } from '../../../src/core/graph/value.ts';
import type { ParameterTable } from '../../../src/core/nets/scope.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';

/** Numbers in all parameters, or in those whose name passes. */
export function countParameters(
  table: ParameterTable,
  passes: (name: string) => boolean = () => true,
): number {
  let total = 0;
  for (const [name, value] of table) if (passes(name)) total += sizeOf(value.shape);
  return total;
}

/** Normal numbers (deviation 0.3) for every input of the outputs; variances are made positive. */
export function randomFeeds(outputs: readonly Value[], seed = 1): Record<string, Float32Array> {
  const feeds: Record<string, Float32Array> = {};
  for (const value of topologicalOrder(outputs)) {
    if (value.op !== 'input') continue;
    const name = inputName(value);
    const data = new Float32Array(sizeOf(value.shape));
    namedRng(seed, name).fillNormal(data);
    feeds[name] = data.map((v) => (name.endsWith('running_var') ? 1 + v * v : 0.3 * v));
  }
  return feeds;
}
