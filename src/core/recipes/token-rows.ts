// New tokens as rows of their own: the vocabulary's table stays frozen, only the rows behind it are trained.

import type { Rng } from '../base/rng.ts';
import { Builder } from '../graph/builder.ts';
import { rewrite } from '../graph/passes/rewrite.ts';
import { inputName, type Value } from '../graph/value.ts';

/** Name of the trained rows among a program's inputs. */
export const TOKEN_ROWS = 'token_rows';

/** Rebuilds a program whose `table` input [V + added, D] becomes a frozen [V, D] followed by the rows [added, D]. */
export function withTokenRows(
  outputs: Readonly<Record<string, Value>>,
  table: string,
  added: number,
): { b: Builder; outputs: Readonly<Record<string, Value>> } {
  const b = new Builder();
  const rule = (builder: Builder, node: Value): Value | null => {
    if (added === 0 || node.op !== 'input' || inputName(node) !== table) return null;
    const [rows, width] = node.shape;
    const own = builder.input(TOKEN_ROWS, [added, width]);
    return rows === added ? own : builder.concat([builder.input(table, [rows - added, width]), own], 0);
  };
  return { b, outputs: rewrite(b, { outputs }, rule).outputs };
}

/** Start values [added, D]: the mean of some words' rows, slightly apart where several start at the same. */
export function startRows(
  table: Float32Array,
  width: number,
  starts: readonly (readonly number[])[],
  rng: Rng,
  jitter = 0,
): Float32Array {
  const out = new Float32Array(starts.length * width);
  starts.forEach((ids, i) => {
    for (const id of ids)
      for (let k = 0; k < width; k++) out[i * width + k] += table[id * width + k] / ids.length;
    for (let k = 0; jitter > 0 && k < width; k++) out[i * width + k] += jitter * rng.normal();
  });
  return out;
}
