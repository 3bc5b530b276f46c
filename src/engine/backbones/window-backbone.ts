// The embedded pack's kind as a backbone: 24 input channels, small autoencoder, latents scaled per channel.

import { packDecode, packEncode, packFeatures } from '../../core/nets/pack-autoencoder.ts';
import {
  LATENT_SIZE,
  normalizeLatents,
  restoreLatents,
  unshuffleMask,
} from '../../core/recipes/pack/condition.ts';
import { PACK_ALPHAS, type Pack } from '../packs/pack.ts';
import { verifyWeights } from '../packs/verify-weights.ts';
import type { Backbone } from './backbone.ts';

export function windowBackbone(pack: Pack): Backbone {
  const { unet, text, latentScale, workingSize, latentSize } = pack;
  let weights: ReturnType<Pack['weights']> | null = null;
  const load = () => {
    weights ??= verifyWeights(pack, pack.weights());
    return weights;
  };
  return {
    kind: 'window',
    inpaints: true,
    size: workingSize,
    latentSize,
    latentChannels: unet.outChannels,
    predictionType: pack.scheduler.predictionType,
    alphasCumprod: PACK_ALPHAS,
    networks: { unet, text },
    promptLength: text.maxPositions,
    featureName: "the pack's encoder (two residual blocks)",
    tokenizer: () => pack.tokenizer(),
    denoiserWeights: () => ({
      ...Object.fromEntries(Object.entries(load().unet).map(([n, w]) => [`unet/${n}`, w])),
      ...Object.fromEntries(Object.entries(load().text).map(([n, w]) => [`text/${n}`, w])),
    }),
    autoencoderWeights: () => load().autoencoder,
    encode: (s, image) => packEncode(s, image).mean,
    decode: (s, latent) => packDecode(s, latent).image,
    features: (s, image) => packFeatures(s, image),
    normalize: (z) => normalizeLatents(z, latentScale),
    restore: (z) => restoreLatents(z, latentScale),
    writeBeside(out, { mark, blanked }) {
      out.set(blanked);
      unshuffleMask(mark, out.subarray(LATENT_SIZE));
    },
  };
}
