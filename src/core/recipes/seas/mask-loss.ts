// Loss of the mask network: focal loss on the fine and on the coarse map (methods.md 1.6).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { focalLoss } from '../../nets/functional.ts';
import type { LossAndTerms } from './losses.ts';
import { bilinearMask, type MaskStack } from './mask-pyramid.ts';

export interface MaskLossInputs {
  /** [N,2,H,W] and [N,2,h,w], probabilities. */
  readonly fine: Value;
  readonly coarse: Value;
  /** [N,1,H,W] and [N,1,h,w] in 0..1: only cells of exactly 1 count as defect. Zeros for normal pictures. */
  readonly fineMask: Value;
  readonly coarseMask: Value;
}

/** Terms `fine` and `coarse`, weights 1. */
export function maskLoss(b: Builder, inputs: MaskLossInputs): LossAndTerms {
  const fine = focalLoss(b, inputs.fine, inputs.fineMask);
  const coarse = focalLoss(b, inputs.coarse, inputs.coarseMask);
  return { loss: b.add(fine, coarse), terms: { fine, coarse } };
}

/** The coarse target of a fine one: bilinear, so a cell is 1 only where all its taps are. */
export function coarseMask(fine: MaskStack, height: number, width: number): MaskStack {
  return bilinearMask(fine, height, width);
}
