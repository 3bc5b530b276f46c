// Whether networks make a Stable Diffusion 1.x model, and which kind of one.

import { AppError } from '../../core/base/errors.ts';
import type { SdParts } from './sd-pack.ts';

export type SdKind = 'text-to-image' | 'inpainting';

/** What input channels say: 4 = latent; 9 = latent, mask, latent of the masked picture. */
const KINDS: Readonly<Record<number, SdKind>> = { 4: 'text-to-image', 9: 'inpainting' };
const OTHER_KINDS: Readonly<Record<number, string>> = {
  5: 'a depth-to-image model',
  7: 'an upscaler',
  8: 'an instruct-pix2pix model',
  24: 'a window pack without its flawsmith.json',
};
/** Width of Stable Diffusion 2's text encoder. */
const SD2_WIDTH = 1024;

/** Kind of model; throws unsupported or bad-pack where the networks are of another family or do not fit together. */
export function checkFamily({ unet, autoencoder, text }: SdParts, file: string): SdKind {
  const refuse = (what: string, hint: string): never => {
    throw new AppError('unsupported', what, { file, hint });
  };
  const { inChannels, outChannels, crossAttentionDim } = unet.config;
  if (text.config.activation === 'gelu' || crossAttentionDim === SD2_WIDTH)
    refuse(
      'this is Stable Diffusion 2: its text encoder (OpenCLIP) is not supported',
      'Use a Stable Diffusion 1.x model.',
    );
  const kind = KINDS[inChannels];
  if (!kind) {
    const what = OTHER_KINDS[inChannels] ?? 'a model of an unknown kind';
    refuse(
      `the U-Net takes ${inChannels} channels: this is ${what}`,
      'Use a Stable Diffusion 1.x text-to-image (4 channels) or inpainting model (9 channels).',
    );
  }
  const misfit = (what: string): never => {
    throw new AppError('bad-pack', what, { file, hint: 'These networks are not of one model.' });
  };
  const { latentChannels } = autoencoder.config;
  const latents = kind === 'inpainting' ? (inChannels - 1) / 2 : inChannels;
  if (latents !== latentChannels || outChannels !== latentChannels)
    misfit(`the U-Net works on ${outChannels} latent channels, the autoencoder makes ${latentChannels}`);
  if (text.config.hiddenSize !== crossAttentionDim) {
    misfit(
      `the text encoder gives ${text.config.hiddenSize} numbers per token, the U-Net takes ${crossAttentionDim}`,
    );
  }
  return kind;
}
