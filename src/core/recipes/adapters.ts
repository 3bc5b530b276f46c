// Low-rank adapters (LoRA, Hu et al. 2021): each weight W [O,...] of a frozen network becomes
// W + scale * up [O,r] down [r,...], and only up and down are trained.

import type { Rng } from '../base/rng.ts';
import { Builder } from '../graph/builder.ts';
import { rewrite } from '../graph/passes/rewrite.ts';
import { inputName, type Value } from '../graph/value.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';

/** Scale of the product; 1 means alpha = rank. */
const SCALE = 1;

export interface AdapterProgram {
  readonly b: Builder;
  readonly outputs: Readonly<Record<string, Value>>;
  /** `NAME.lora_up` and `NAME.lora_down` by parameter name. */
  readonly adapters: ReadonlyMap<string, Value>;
}

const rest = (shape: Shape) => sizeOf(shape.slice(1));

/** Whether a parameter gets an adapter: matrices and kernels wide enough for the rank. */
function takesAdapter(shape: Shape, rank: number): boolean {
  return shape.length >= 2 && Math.min(shape[0], rest(shape)) > rank;
}

/** Rebuilds a program with adapters on those inputs that `wants` names. */
export function withAdapters(
  outputs: Readonly<Record<string, Value>>,
  rank: number,
  wants: (name: string) => boolean,
): AdapterProgram {
  const b = new Builder();
  const adapters = new Map<string, Value>();
  const rule = (builder: Builder, node: Value): Value | null => {
    if (node.op !== 'input') return null;
    const name = inputName(node);
    if (!wants(name) || !takesAdapter(node.shape, rank)) return null;
    const up = builder.input(`${name}.lora_up`, [node.shape[0], rank]);
    const down = builder.input(`${name}.lora_down`, [rank, rest(node.shape)]);
    adapters.set(`${name}.lora_up`, up).set(`${name}.lora_down`, down);
    const change = builder.reshape(builder.mul(builder.matmul(up, down), SCALE), node.shape);
    return builder.add(builder.input(name, node.shape), change);
  };
  return { b, outputs: rewrite(b, { outputs }, rule).outputs, adapters };
}

/** Starting values: `down` uniform as a linear layer's weight, `up` zero, so training starts at the base model. */
export function initialAdapters(
  adapters: ReadonlyMap<string, Value>,
  rng: (name: string) => Rng,
): Record<string, Float32Array> {
  const out: Record<string, Float32Array> = {};
  for (const [name, { shape }] of adapters) {
    const data = new Float32Array(sizeOf(shape));
    if (name.endsWith('.lora_down')) {
      const r = rng(name);
      const bound = 1 / Math.sqrt(shape[1]);
      for (let i = 0; i < data.length; i++) data[i] = r.uniformIn(-bound, bound);
    }
    out[name] = data;
  }
  return out;
}

/** Adds trained adapters to the weights they belong to, in place. */
export function mergeAdapters(
  weights: Record<string, Float32Array>,
  adapters: Readonly<Record<string, Float32Array>>,
  rank: number,
): void {
  for (const name of Object.keys(adapters)) {
    if (!name.endsWith('.lora_up')) continue;
    const base = name.slice(0, -'.lora_up'.length);
    const [w, up, down] = [weights[base], adapters[name], adapters[`${base}.lora_down`]];
    const rows = up.length / rank;
    const cols = down.length / rank;
    for (let o = 0; o < rows; o++)
      for (let r = 0; r < rank; r++) {
        const u = SCALE * up[o * rank + r];
        if (u === 0) continue;
        for (let i = 0; i < cols; i++) w[o * cols + i] += u * down[r * cols + i];
      }
  }
}
