// What a preview runs: the U-Net on a few windows with the attention of chosen tokens, and the decoder.

import { Builder } from '../../../core/graph/builder.ts';
import type { Program } from '../../../core/graph/graph.ts';
import { packDecode } from '../../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { LATENT } from '../../../core/recipes/pack/condition.ts';
import { type DenoiseNetworks, denoise, denoiseInputs } from '../../../core/recipes/pack/denoise-loss.ts';
import { attentionScales, tokenMaps } from '../../../core/recipes/seas/attention-maps.ts';
import { TOKENS_PER_TYPE } from '../../../core/recipes/seas/prompts.ts';

/** Windows at once. */
export const PREVIEWS = 4;
/** The product's token and those of a type. */
export const LOOKING = 1 + TOKENS_PER_TYPE;

/** `prediction` [n,4,32,32]; `maps` [n,LOOKING,h w] of the finest cross-attention on the way down. */
export const previewProgram =
  (networks: DenoiseNetworks) =>
  (rows: number): Program => {
    const b = new Builder();
    const { unet, text } = networks;
    const inputs = denoiseInputs(b, rows, unet, LATENT, text.maxPositions);
    const result = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, networks);
    const [scale] = attentionScales(result.attention, LATENT, 'code');
    const selection = b.input('selection', [rows, LOOKING, text.maxPositions]);
    const maps = tokenMaps(b, result.attention, {
      form: 'code',
      latent: [LATENT, LATENT],
      scale,
      selection,
    });
    return { outputs: { prediction: result.sample, maps } };
  };

/** `image` [n,3,128,128]. */
export function previewDecoder(rows: number): Program {
  const b = new Builder();
  const { image } = packDecode(new Scope(b), b.input('latent', [rows, 4, LATENT, LATENT]));
  return { outputs: { image } };
}
