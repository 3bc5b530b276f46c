// Transformer2DModel and its blocks as Stable Diffusion uses them: self-attention, cross-attention, GEGLU.

import type { Value } from '../graph/value.ts';
import { attention, groupNorm, layerNorm, linear, mergeHeads, splitHeads } from './layers.ts';
import type { Scope } from './scope.ts';

/** Queries and keys of one cross-attention layer: what attention maps are made of (probabilities are not built). */
export interface CrossAttentionTap {
  /** Module path, `down_blocks.1.attentions.0.transformer_blocks.0.attn2`. */
  readonly path: string;
  /** Block it belongs to: `down_blocks.1`, `mid_block`, `up_blocks.2`. */
  readonly block: string;
  /** [N,heads,H W,d] */
  readonly q: Value;
  /** [N,heads,L,d] */
  readonly k: Value;
  readonly height: number;
  readonly width: number;
}

export interface Transformer2dConfig {
  readonly heads: number;
  readonly layers: number;
  readonly normGroups: number;
  /** Projections stored as [C,C] instead of [C,C,1,1]: the same arithmetic. */
  readonly useLinearProjection: boolean;
}

/** q, k, v without bias, output projection with bias. `context` [N,L,D]; x [N,T,C] -> [N,T,C]. */
function attend(s: Scope, x: Value, context: Value, heads: number): { out: Value; q: Value; k: Value } {
  const width = x.shape[2];
  const project = (name: string, from: Value): Value =>
    splitHeads(s, linear(s.at(name), from, width, { bias: false }), heads);
  const q = project('to_q', x);
  const k = project('to_k', context);
  const v = project('to_v', context);
  return { out: linear(s.at('to_out.0'), mergeHeads(s, attention(s, q, k, v)), width), q, k };
}

/**
 * `ff`: value * gelu(gate) of one projection to 8C (value first), then back to C. The weight is split, not
 * the activation, which is larger at every resolution where it matters.
 */
function feedForward(s: Scope, x: Value): Value {
  const { b } = s;
  const c = x.shape[2];
  const proj = s.at('net.0.proj');
  const [wv, wg] = b.split(proj.param('weight', [8 * c, c]), 0, 2);
  const [bv, bg] = b.split(proj.param('bias', [8 * c]), 0, 2);
  const value = b.add(b.matmul(x, wv, { transB: true }), bv);
  const gate = b.add(b.matmul(x, wg, { transB: true }), bg);
  return linear(s.at('net.2'), b.mul(value, b.gelu(gate)), c);
}

/** BasicTransformerBlock on x [N,T,C]; without `context` it has self-attention only. */
export function transformerBlock(
  s: Scope,
  x: Value,
  heads: number,
  context: Value | null,
  onCrossAttention?: (q: Value, k: Value) => void,
): Value {
  const { b } = s;
  const n1 = layerNorm(s.at('norm1'), x);
  let h = b.add(x, attend(s.at('attn1'), n1, n1, heads).out);
  if (context) {
    const cross = attend(s.at('attn2'), layerNorm(s.at('norm2'), h), context, heads);
    onCrossAttention?.(cross.q, cross.k);
    h = b.add(h, cross.out);
  }
  return b.add(h, feedForward(s.at('ff'), layerNorm(s.at('norm3'), h)));
}

/** x [N,C,H,W], context [N,L,D] or null -> [N,C,H,W]; GroupNorm eps 1e-6, residual around everything. */
export function transformer2d(
  s: Scope,
  x: Value,
  context: Value | null,
  config: Transformer2dConfig,
  onCrossAttention?: (layer: number, q: Value, k: Value) => void,
): Value {
  const { b } = s;
  const [n, c, h, w] = x.shape;
  const project = (name: string, v: Value): Value => {
    const at = s.at(name);
    const weight = config.useLinearProjection
      ? at.param('weight', [c, c])
      : b.reshape(at.param('weight', [c, c, 1, 1]), [c, c]);
    return b.add(b.matmul(v, weight, { transB: true }), at.param('bias', [c]));
  };
  const normed = groupNorm(s.at('norm'), x, config.normGroups, 1e-6);
  const rows = b.transpose(b.reshape(normed, [n, c, h * w]), [0, 2, 1]);
  let hidden = project('proj_in', rows);
  for (let i = 0; i < config.layers; i++) {
    const tap = onCrossAttention && ((q: Value, k: Value) => onCrossAttention(i, q, k));
    hidden = transformerBlock(s.at(`transformer_blocks.${i}`), hidden, config.heads, context, tap);
  }
  const out = b.transpose(project('proj_out', hidden), [0, 2, 1]);
  return b.add(b.reshape(out, [n, c, h, w]), x);
}
