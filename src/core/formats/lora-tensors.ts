// Low-rank adapters as numbers: merging them into weights, and shaping them for a file.

import { invariant } from '../base/errors.ts';
import { type LoraDialect, type LoraNetwork, loraNames } from './lora-names.ts';
import type { TensorToWrite } from './safetensors-write.ts';

/** up [O,r], down [r,I...] flat, for a weight [O,I...]. */
export interface LowRank {
  readonly network: LoraNetwork;
  /** Module path, without `.weight`. */
  readonly module: string;
  /** Shape of the adapted weight: a matrix or a kernel. */
  readonly shape: readonly number[];
  readonly rank: number;
  readonly up: Float32Array;
  readonly down: Float32Array;
  /** The product counts alpha / rank. */
  readonly alpha: number;
}

/** Adds scale * (alpha / rank) * up down to `weight` in place. */
export function addLowRank(weight: Float32Array, lora: LowRank, scale = 1): void {
  const { rank, up, down, alpha } = lora;
  const rows = up.length / rank;
  const columns = down.length / rank;
  invariant(
    weight.length === rows * columns,
    `${lora.module}: ${rows}x${columns} on ${weight.length} numbers`,
  );
  const factor = (scale * alpha) / rank;
  for (let o = 0; o < rows; o++) {
    for (let r = 0; r < rank; r++) {
      const u = factor * up[o * rank + r];
      if (u === 0) continue;
      for (let i = 0; i < columns; i++) weight[o * columns + i] += u * down[r * columns + i];
    }
  }
}

/** The tensors of a LoRA file. A kernel's `down` keeps its size, its `up` becomes a 1x1 kernel, as both dialects have it. */
export function loraTensors(
  modules: readonly LowRank[],
  dialect: LoraDialect,
  dtype: 'F32' | 'F16' = 'F32',
): TensorToWrite[] {
  return modules.flatMap(({ network, module, shape, rank, up, down, alpha }) => {
    const names = loraNames(dialect, network, module);
    const [rows, ...rest] = shape;
    const ones = shape.slice(2).map(() => 1);
    // diffusers takes alpha = rank where the file says nothing, so the factor goes into the numbers.
    const scaled = names.alpha === null && alpha !== rank ? up.map((v) => (v * alpha) / rank) : up;
    const tensors: TensorToWrite[] = [
      { name: names.down, dtype, shape: [rank, ...rest], data: down },
      { name: names.up, dtype, shape: [rows, rank, ...ones], data: scaled },
    ];
    if (names.alpha !== null)
      tensors.push({ name: names.alpha, dtype, shape: [], data: Float32Array.of(alpha) });
    return tensors;
  });
}
