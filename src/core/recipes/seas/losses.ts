// SeaS's training loss: diffusion on anomalies (L_df), normal alignment (L_NA), decoupled anomaly alignment (DA).

import { invariant } from '../../base/errors.ts';
import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import type { CrossAttentionTap } from '../../nets/transformer-2d.ts';
import { type AttentionForm, attentionMaps } from './attention-maps.ts';

/** Added to max - min in training, so that a constant map gives 0 and not NaN. Parity uses 0. */
export const TRAINING_EPSILON = 1e-8;

/** Pixels on which A_ob must vanish: M == 1 (the code for MVTec) or M > 0 (for VisA and MVTec 3D). */
export type DefectRegion = 'full' | 'any';

export interface SeasLossInputs {
  /** [2B,4,h,w]: the first B items are anomalies, the rest normal pictures (possibly none). */
  readonly prediction: Value;
  /** What `prediction` should be: the noise, or v for a v-prediction pack. */
  readonly target: Value;
  readonly attention: readonly CrossAttentionTap[];
  /** [B,T,L], prompts.ts tokenSelection. */
  readonly selection: Value;
  /** Masks 0..1 at each size that takes part, [B,1,h/scale,w/scale]; mask-pyramid.ts makes them. */
  readonly masks: readonly { readonly scale: number; readonly mask: Value }[];
}

export interface SeasLossOptions {
  readonly form: AttentionForm;
  readonly region?: DefectRegion;
  readonly epsilon?: number;
  /** Weights of the terms; the released code has 1 everywhere. */
  readonly weights?: { readonly normal?: number; readonly alignment?: number };
  /** Weight of every latent cell in L_df and L_NA, [2B,1,h,w] or smaller; mean 1 keeps the scale. */
  readonly cellWeights?: Value;
}

export interface LossAndTerms {
  /** Scalar. */
  readonly loss: Value;
  /** Scalars before weighting: L_df, L_NA, DA_2, DA_4, ... */
  readonly terms: Readonly<Record<string, Value>>;
}

/** Mean of x over the cells where `where` (0 or 1) is set; 0 if there are none. */
function meanWhere(b: Builder, x: Value, where: Value): Value {
  return b.div(b.sum(b.mul(x, where), 'all'), b.maximum(b.sum(where, 'all'), 1));
}

/** DA at one size (methods.md 1.4 step 9): maps [B,h,w], mask [B,1,h,w] -> scalar. */
export function alignmentLoss(
  b: Builder,
  maps: { readonly object: Value; readonly defect: Value },
  mask: Value,
  form: AttentionForm,
  region: DefectRegion = 'full',
): Value {
  const m = b.reshape(mask, maps.object.shape);
  const onDefect = b.mean(b.square(b.sub(maps.defect, m)), 'all');
  if (form === 'paper') return b.add(onDefect, b.mean(b.square(b.mul(maps.object, m)), 'all'));
  const k = b.cast(region === 'full' ? b.equal(m, 1) : b.greater(m, 0), 'float32');
  const offDefect = meanWhere(b, b.square(b.sub(maps.object, b.sub(1, m))), k);
  return b.add(onDefect, offDefect);
}

/** L = L_df + L_NA + sum of DA, all weights 1 unless told otherwise. */
export function seasLoss(b: Builder, inputs: SeasLossInputs, options: SeasLossOptions): LossAndTerms {
  const { prediction, target, attention, selection, masks } = inputs;
  const { form, region = 'full', epsilon = TRAINING_EPSILON, weights = {}, cellWeights } = options;
  const [items, , height, width] = prediction.shape;
  const [anomalies] = selection.shape;
  invariant(anomalies <= items, `${anomalies} anomalies in a batch of ${items}`);
  const squared = b.square(b.sub(prediction, target));
  const errors = cellWeights ? b.mul(squared, cellWeights) : squared;
  const terms: Record<string, Value> = { L_df: b.mean(b.narrow(errors, 0, 0, anomalies), 'all') };
  let loss = terms.L_df;
  if (items > anomalies) {
    terms.L_NA = b.mean(b.narrow(errors, 0, anomalies, items - anomalies), 'all');
    loss = b.add(loss, b.mul(terms.L_NA, weights.normal ?? 1));
  }
  for (const { scale, mask } of masks) {
    const maps = attentionMaps(b, attention, { form, latent: [height, width], scale, selection, epsilon });
    const term = alignmentLoss(b, maps, mask, form, region);
    terms[`DA_${scale}`] = term;
    loss = b.add(loss, b.mul(term, weights.alignment ?? 1));
  }
  return { loss, terms };
}
