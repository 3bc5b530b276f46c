// Attention maps of the product's token and of the defect's tokens, in the three readings of SeaS (methods.md 1.4).

import { AppError } from '../../base/errors.ts';
import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import type { CrossAttentionTap } from '../../nets/transformer-2d.ts';

/**
 * code: softmax over the pixels, per token, down blocks only, min-max normalised (the released code);
 * token: the same with softmax over the tokens; paper: softmax over the tokens, mean of the down and the up
 * block of that size, not normalised.
 */
export const ATTENTION_FORMS = ['code', 'token', 'paper'] as const;
export type AttentionForm = (typeof ATTENTION_FORMS)[number];

export interface AttentionMaps {
  /** A_ob [B,h,w]: the product's token. */
  readonly object: Value;
  /** A_df [B,h,w]: mean of the type's anomaly tokens. */
  readonly defect: Value;
}

export interface MapRequest {
  readonly form: AttentionForm;
  /** Size of the latent the U-Net saw. */
  readonly latent: readonly [height: number, width: number];
  /** Map size = latent / scale: 2 and 4 are SeaS's "32" and "16". */
  readonly scale: number;
  /** One-hot rows [B,T,L] (prompts.ts, tokenSelection); the first B items of the batch are the anomalies. */
  readonly selection: Value;
  /** Added to max - min when maps are normalised; 0 is the released code. */
  readonly epsilon: number;
}

/** Scales at which the U-Net has cross-attention on the way down (and also up, for the paper's form). */
export function attentionScales(
  taps: readonly CrossAttentionTap[],
  latentHeight: number,
  form: AttentionForm,
): number[] {
  const scales = (side: string): Set<number> =>
    new Set(taps.filter((t) => t.block.startsWith(side)).map((t) => latentHeight / t.height));
  const [down, up] = [scales('down_blocks'), scales('up_blocks')];
  return [...(form === 'paper' ? down.intersection(up) : down)].sort((x, y) => x - y);
}

/** Maps of the selected tokens in one layer, mean over heads: [B,T,h w]. */
function layerMaps(b: Builder, tap: CrossAttentionTap, form: AttentionForm, selection: Value): Value {
  const [items, tokens, length] = selection.shape;
  const scale = 1 / Math.sqrt(tap.q.shape[3]);
  const q = b.narrow(tap.q, 0, 0, items);
  const k = b.narrow(tap.k, 0, 0, items);
  const picked = b.reshape(selection, [items, 1, tokens, length]);
  if (form === 'code') {
    // Over the pixels each token stands alone: the other tokens' keys are not needed.
    const logits = b.mul(b.matmul(b.matmul(picked, k), q, { transB: true }), scale);
    return b.mean(b.softmax(logits, -1), [1]);
  }
  const probabilities = b.softmax(b.mul(b.matmul(q, k, { transB: true }), scale), -1);
  return b.matmul(b.reshape(picked, [items, tokens, length]), b.mean(probabilities, [1]), { transB: true });
}

type SideRequest = Pick<MapRequest, 'form' | 'latent' | 'scale' | 'selection'>;

/** Mean over the layers of one side (down or up) at one size; [B,T,h w]. */
function sideMaps(b: Builder, taps: readonly CrossAttentionTap[], side: string, request: SideRequest): Value {
  const [height, width] = request.latent.map((d) => d / request.scale);
  const layers = taps.filter((t) => t.block.startsWith(side) && t.height === height && t.width === width);
  if (layers.length === 0) {
    throw new AppError(
      'unsupported',
      `this U-Net has no cross-attention of size ${height}x${width} in ${side}`,
      {
        hint: 'The attention loss needs a base model with cross-attention at these sizes.',
      },
    );
  }
  const maps = layers.map((tap) => layerMaps(b, tap, request.form, request.selection));
  return b.div(
    maps.reduce((x, y) => b.add(x, y)),
    maps.length,
  );
}

/** Where each selected token looks on the way down, one map per token, not normalised: [B,T,h w]. */
export function tokenMaps(b: Builder, taps: readonly CrossAttentionTap[], request: SideRequest): Value {
  return sideMaps(b, taps, 'down_blocks', request);
}

/** (A - min) / (max - min + epsilon) over the whole tensor; the gradient flows through min and max. */
export function minMaxNormalised(b: Builder, map: Value, epsilon: number): Value {
  const low = b.min(map, 'all');
  return b.div(b.sub(map, low), b.add(b.sub(b.max(map, 'all'), low), epsilon));
}

export function attentionMaps(
  b: Builder,
  taps: readonly CrossAttentionTap[],
  request: MapRequest,
): AttentionMaps {
  const { form, selection, latent, scale, epsilon } = request;
  const [items, tokens] = selection.shape;
  let maps = sideMaps(b, taps, 'down_blocks', request);
  if (form === 'paper') maps = b.mul(b.add(maps, sideMaps(b, taps, 'up_blocks', request)), 0.5);
  const shape = [items, latent[0] / scale, latent[1] / scale];
  const finish = (map: Value): Value => {
    const shaped = b.reshape(map, shape);
    return form === 'paper' ? shaped : minMaxNormalised(b, shaped, epsilon);
  };
  return {
    object: finish(b.narrow(maps, 1, 0, 1)),
    defect: finish(b.mean(b.narrow(maps, 1, 1, tokens - 1), [1])),
  };
}
