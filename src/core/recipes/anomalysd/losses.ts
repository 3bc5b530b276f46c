// AnomalySD's two fine-tunes: an inpainting U-Net on good pictures, and the decoder (methods.md 3.2, 3.3).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { mse } from '../../nets/functional.ts';

export interface InpaintingInputs {
  /** [N,4,h,w] noisy latent. */
  readonly noisy: Value;
  /** [N,1,h,w], 1 = hole. */
  readonly hole: Value;
  /** [N,4,h,w] latent of the picture with the hole blanked. */
  readonly maskedLatent: Value;
}

/** What an inpainting U-Net takes, [N,9,h,w], in the order of the published checkpoints. */
export function inpaintingSample(b: Builder, { noisy, hole, maskedLatent }: InpaintingInputs): Value {
  return b.concat([noisy, hole, maskedLatent], 1);
}

/** Mean squared error over the whole latent, not only the hole. */
export function inpaintingLoss(b: Builder, prediction: Value, target: Value): Value {
  return mse(b, prediction, target);
}

/** Weight of the perceptual term; the paper does not report its own. */
export const PERCEPTUAL_WEIGHT = 0.1;

/**
 * Mean squared error of what the decoder makes of the picture's own latent (the posterior's mode), plus a perceptual
 * distance [N] where a network for it is at hand.
 */
export function decoderLoss(
  b: Builder,
  picture: Value,
  decoded: Value,
  perceptual?: { readonly distance: Value; readonly weight?: number },
): Value {
  const error = mse(b, decoded, picture);
  if (!perceptual) return error;
  const { distance, weight = PERCEPTUAL_WEIGHT } = perceptual;
  return b.add(error, b.mul(b.mean(distance, 'all'), weight));
}
