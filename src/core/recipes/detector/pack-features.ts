// Feature maps of a window out of a pack's networks, where the papers take a network trained on ImageNet.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { packFeatures as encoderFeatures, packEncode } from '../../nets/pack-autoencoder.ts';
import { Scope } from '../../nets/scope.ts';
import type { LatentScale } from '../pack/condition.ts';
import { type DenoiseNetworks, denoise } from '../pack/denoise-loss.ts';

export interface PackFeatureNetworks extends DenoiseNetworks {
  readonly latentScale: LatentScale;
  /** Token ids of the empty prompt. */
  readonly prompt: readonly number[];
}

/** Weights are inputs under these prefixes. */
export const PACK_PREFIXES = { autoencoder: 'autoencoder/', unet: 'unet/', text: 'text/' } as const;

export const PACK_FEATURES = ['encoder64', 'encoder32', 'unet32', 'unet16', 'unet8', 'up16', 'up32'] as const;
export type PackFeature = (typeof PACK_FEATURES)[number];

const LATENT_FACTOR = 4;
const MASK_CHANNELS = 16;

/**
 * Features by name; the number is their side for a window of 128 px. The U-Net sees the clean latent at the lowest
 * noise level, with itself as the surroundings and nothing to draw. Unused ones cost nothing.
 * @param image [N,3,S,S] in 0..1, S a multiple of 16
 */
export function packFeatures(
  b: Builder,
  image: Value,
  networks: PackFeatureNetworks,
): Readonly<Record<PackFeature, Value>> {
  const [n, , side] = image.shape;
  const size = side / LATENT_FACTOR;
  const signed = b.sub(b.mul(image, 2), 1);
  const autoencoder = new Scope(b, PACK_PREFIXES.autoencoder);
  const encoded = packEncode(autoencoder, signed);
  const { mean, std } = networks.latentScale;
  const perChannel = (values: readonly number[]) => b.constant([...values], [1, values.length, 1, 1]);
  const latent = b.mul(b.sub(encoded.mean, perChannel(mean)), perChannel(std.map((v) => 1 / v)));
  const nothing = b.fill(0, [n, MASK_CHANNELS, size, size]);
  const { prompt } = networks;
  const inputs = {
    sample: b.concat([latent, latent, nothing], 1),
    timestep: b.fill(0, [n]),
    ids: b.ids(Array.from({ length: n }, () => prompt).flat(), [n, prompt.length]),
  };
  const { activations, upBlocks } = denoise(
    new Scope(b, PACK_PREFIXES.unet),
    new Scope(b, PACK_PREFIXES.text),
    inputs,
    networks,
  );
  const [encoder64, encoder32] = encoderFeatures(autoencoder, signed);
  return {
    encoder64,
    encoder32,
    unet32: activations['down_blocks.0.resnets.0'],
    unet16: activations['down_blocks.1.resnets.0'],
    unet8: activations['down_blocks.2.resnets.0'],
    up16: upBlocks[0],
    up32: upBlocks[1],
  };
}
