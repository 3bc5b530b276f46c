// A pack's networks as the frozen features of a detector.

import { invariant } from '../../core/base/errors.ts';
import { PACK_PREFIXES, type PackFeatureNetworks } from '../../core/recipes/detector/pack-features.ts';
import { openPack } from '../packs/pack.ts';
import { verifyWeights } from '../packs/verify-weights.ts';

export interface FrozenPack {
  readonly networks: PackFeatureNetworks;
  /** By input name. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

export function frozenPack(packPath: string | undefined): FrozenPack {
  invariant(packPath, 'this kind of detector needs a pack');
  const pack = openPack(packPath);
  const parts = verifyWeights(pack, pack.weights());
  const weights: Record<string, Float32Array> = {};
  for (const part of ['autoencoder', 'unet', 'text'] as const)
    for (const [name, data] of Object.entries(parts[part])) weights[`${PACK_PREFIXES[part]}${name}`] = data;
  const networks = {
    unet: pack.unet,
    text: pack.text,
    addedTokens: pack.words.length - pack.text.vocabSize,
    latentScale: pack.latentScale,
    prompt: pack.tokenizer().encodePadded(''),
  };
  return { networks, weights };
}
