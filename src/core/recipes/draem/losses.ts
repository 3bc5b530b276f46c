// DRAEM's loss: the reconstruction close in value and structure, and a focal loss on the defect map.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { focalLoss, mse, ssim } from '../../nets/functional.ts';

export interface DraemLossInputs {
  /** [N,C,H,W], what the picture should look like without its defect, and what the autoencoder made of it. */
  readonly picture: Value;
  readonly reconstruction: Value;
  /** [N,2,H,W] before the softmax. */
  readonly logits: Value;
  /** [N,1,H,W], 0 or 1. */
  readonly mask: Value;
}

export interface DraemLoss {
  readonly loss: Value;
  /** Scalars: mse, ssim (one minus the similarity), focal; weights 1. */
  readonly terms: { readonly mse: Value; readonly ssim: Value; readonly focal: Value };
}

/** @param segmentation the last term, from probabilities and mask; AnoGen puts its weak one here */
export function draemLoss(
  b: Builder,
  inputs: DraemLossInputs,
  segmentation: (probabilities: Value, mask: Value) => Value = (p, mask) => focalLoss(b, p, mask),
): DraemLoss {
  const { picture, reconstruction, logits, mask } = inputs;
  const terms = {
    mse: mse(b, reconstruction, picture),
    ssim: b.sub(1, ssim(b, reconstruction, picture)),
    focal: segmentation(b.softmax(logits, 1), mask),
  };
  return { loss: b.add(b.add(terms.mse, terms.ssim), terms.focal), terms };
}
