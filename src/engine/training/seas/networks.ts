// Weights of a product's networks under graph-input names, before and after fine-tuning.

import type { TensorToWrite } from '../../../core/formats/safetensors-write.ts';
import { writeSafetensors } from '../../../core/formats/safetensors-write.ts';
import { TOKEN_TABLE } from '../../../core/nets/clip-text-model.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import type { Pack, PackWeights } from '../../packs/pack.ts';
import { openSafetensors } from '../../packs/safetensors-file.ts';
import { type ProductTokens, startTable } from './tokens.ts';

export function networksOf(pack: Pack, product: ProductTokens): DenoiseNetworks {
  return {
    unet: pack.unet,
    text: pack.text,
    addedTokens: pack.words.length + product.added - pack.text.vocabSize,
  };
}

/** `unet/...` and `text/...`, the token table with its new rows. */
export function startWeights(
  pack: Pack,
  base: PackWeights,
  product: ProductTokens,
): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  for (const [name, w] of Object.entries(base.unet)) weights[`unet/${name}`] = sharedCopy(w);
  for (const [name, w] of Object.entries(base.text)) weights[`text/${name}`] = sharedCopy(w);
  weights[`text/${TOKEN_TABLE}`] = sharedCopy(startTable(pack, product, base.text[TOKEN_TABLE]));
  return weights;
}

/** One safetensors file of flat float32 arrays. */
export function weightsFile(weights: Readonly<Record<string, Float32Array>>): Uint8Array {
  const tensors = Object.entries(weights).map(
    ([name, data]): TensorToWrite => ({ name, dtype: 'F32', shape: [data.length], data }),
  );
  return writeSafetensors(tensors);
}

export function readWeightsFile(path: string): Record<string, Float32Array> {
  const file = openSafetensors(path);
  try {
    return Object.fromEntries(file.names.map((n) => [n, file.float32(n)]));
  } finally {
    file.close();
  }
}

/** Largest absolute change of any weight. */
export function largestChange(
  before: Readonly<Record<string, Float32Array>>,
  after: Readonly<Record<string, Float32Array>>,
): number {
  let most = 0;
  for (const [name, w] of Object.entries(before)) {
    const other = after[name];
    for (let i = 0; i < w.length; i++) most = Math.max(most, Math.abs(w[i] - other[i]));
  }
  return most;
}
