// Stable Diffusion 1.x as a backbone: text-to-image (4 channels) or inpainting (latent, mask, latent of the rest).

import { schedulerFromConfig } from '../../core/diffusion/scheduler.ts';
import { decodeLatent, encodeImage } from '../../core/nets/autoencoder-kl.ts';
import { latentFactor, type SdNetwork, type SdPack, tokenizerOf } from '../packs/sd-pack.ts';
import { readTable } from '../packs/weight-source.ts';
import { type Backbone, holeCells } from './backbone.ts';

function read<C>(network: SdNetwork<C>, prefix = ''): Record<string, Float32Array> {
  const source = network.open();
  try {
    const weights = readTable(source, network.table);
    return Object.fromEntries(Object.entries(weights).map(([name, w]) => [`${prefix}${name}`, w]));
  } finally {
    source.close();
  }
}

export function pictureBackbone(pack: SdPack): Backbone {
  const { config } = pack.autoencoder;
  const scheduler = schedulerFromConfig(pack.scheduler);
  const size = pack.workingSize;
  const latentSize = size / latentFactor(config);
  const inpaints = pack.kind === 'inpainting';
  const scale = (z: Float32Array, by: number) => {
    for (let i = 0; i < z.length; i++) z[i] *= by;
    return z;
  };
  return {
    kind: 'picture',
    inpaints,
    size,
    latentSize,
    latentChannels: config.latentChannels,
    predictionType: scheduler.predictionType,
    alphasCumprod: scheduler.schedule.alphasCumprod,
    networks: { unet: pack.unet.config, text: pack.text.config },
    promptLength: pack.text.config.maxPositions,
    featureName: "the autoencoder's encoder (its down blocks)",
    tokenizer: () => tokenizerOf(pack),
    denoiserWeights: () => ({ ...read(pack.unet, 'unet/'), ...read(pack.text, 'text/') }),
    autoencoderWeights: () => read(pack.autoencoder),
    encode: (s, image) => encodeImage(s, image, config).mean,
    decode: (s, latent) => decodeLatent(s, latent, config).image,
    features(s, image) {
      const { activations } = encodeImage(s, image, config);
      return config.blockOutChannels.map((_, i) => activations[`encoder.down_blocks.${i}`]);
    },
    normalize: (z) => scale(z, config.scalingFactor),
    restore: (z) => scale(z, 1 / config.scalingFactor),
    writeBeside(out, { hole, blanked }) {
      if (!inpaints) return;
      const cells = holeCells(hole, size, latentSize);
      out.set(cells);
      out.set(blanked, cells.length);
    },
  };
}
