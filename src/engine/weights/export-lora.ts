// A fine-tune as a LoRA file: its adapters as they are, or the best low-rank form of a whole U-Net's change.

import { AppError } from '../../core/base/errors.ts';
import { namedRng } from '../../core/base/rng.ts';
import type { LoraDialect } from '../../core/formats/lora-names.ts';
import { type LowRank, loraTensors } from '../../core/formats/lora-tensors.ts';
import { fitLowRank } from '../../core/formats/low-rank-fit.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { TokenSetWeights } from './token-set-weights.ts';
import { writeTensorFile } from './write-weights.ts';

/** What became of the change: 0 where it is held exactly. */
export interface LoraSummary {
  readonly modules: number;
  readonly rank: number;
  /** Largest share (Frobenius norm) of a module's change that the file does not hold. */
  readonly largestLoss: number;
  /** Changed weights that a LoRA cannot hold (biases, norms): they stay behind. */
  readonly leftBehind: number;
}

/** The adapters of an adapter run. */
function trainedAdapters(set: TokenSetWeights): LowRank[] {
  return Object.keys(set.adapters)
    .filter((name) => name.endsWith('.weight.lora_up'))
    .map((name): LowRank => {
      const weight = name.slice(0, -'.lora_up'.length);
      return {
        network: 'unet',
        module: weight.slice(0, -'.weight'.length),
        shape: set.unet.table.get(weight)?.shape ?? [],
        rank: set.adapterRank,
        up: set.adapters[name],
        down: set.adapters[`${weight}.lora_down`],
        alpha: set.adapterRank,
      };
    });
}

/** Low-rank forms of what a whole U-Net learned; weights that did not change are left out. */
function extracted(
  set: TokenSetWeights,
  rank: number,
  signal: AbortSignal,
): { modules: LowRank[]; loss: number; leftBehind: number } {
  const learned = set.learnedUnet();
  const { base } = set.unet;
  const modules: LowRank[] = [];
  let loss = 0;
  let leftBehind = 0;
  for (const [name, { shape }] of set.unet.table) {
    signal.throwIfAborted();
    const change = learned[name].map((v, i) => v - base[name][i]);
    if (change.every((v) => v === 0)) continue;
    const columns = sizeOf(shape.slice(1));
    if (shape.length < 2 || !name.endsWith('.weight')) {
      leftBehind++;
      continue;
    }
    const own = Math.min(rank, shape[0], columns);
    const fit = fitLowRank(change, shape[0], own, namedRng(0, name));
    loss = Math.max(loss, fit.relativeError);
    const module = name.slice(0, -'.weight'.length);
    modules.push({ network: 'unet', module, shape, rank: own, up: fit.up, down: fit.down, alpha: own });
  }
  return { modules, loss, leftBehind };
}

export interface LoraExport {
  readonly dialect: LoraDialect;
  /** For a whole U-Net only: the rank of the extracted form. */
  readonly rank: number | null;
  readonly dtype: 'F32' | 'F16';
  readonly signal: AbortSignal;
}

export async function exportLora(
  set: TokenSetWeights,
  out: string,
  options: LoraExport,
): Promise<LoraSummary> {
  const { dialect, rank, dtype, signal } = options;
  if (set.adapterRank > 0 && rank !== null && rank !== set.adapterRank) {
    throw new AppError(
      'usage',
      `this fine-tune has adapters of rank ${set.adapterRank}; --rank does not change them`,
    );
  }
  if (set.adapterRank === 0 && rank === null) {
    throw new AppError('unsupported', 'this fine-tune changed the whole U-Net: it is not a LoRA', {
      hint: 'Save it with --as unet, extract the nearest LoRA with --rank N (it loses some of the change), or train with --adapters RANK.',
    });
  }
  const found =
    set.adapterRank > 0
      ? { modules: trainedAdapters(set), loss: 0, leftBehind: 0 }
      : extracted(set, rank as number, signal);
  const summary: LoraSummary = {
    modules: found.modules.length,
    rank: set.adapterRank || (rank as number),
    largestLoss: found.loss,
    leftBehind: found.leftBehind,
  };
  const metadata: Record<string, string> = { format: 'pt' };
  if (dialect === 'kohya') {
    metadata.ss_network_module = 'networks.lora';
    metadata.ss_network_dim = String(summary.rank);
    metadata.ss_network_alpha = String(summary.rank);
  }
  await writeTensorFile(out, loraTensors(found.modules, dialect, dtype), metadata);
  return summary;
}
