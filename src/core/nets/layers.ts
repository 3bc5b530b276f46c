// Layers shared by all networks, with PyTorch's parameter names (weight, bias) and layouts.

import { invariant } from '../base/errors.ts';
import type { ConvOptions } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import type { Scope } from './scope.ts';

/** x [N,C,H,W] -> [N,outChannels,Ho,Wo]; square kernel. */
export function conv(
  s: Scope,
  x: Value,
  outChannels: number,
  kernel: number,
  options: ConvOptions & { bias?: boolean } = {},
): Value {
  const { bias = true, ...rest } = options;
  const groups = rest.groups ?? 1;
  const w = s.param('weight', [outChannels, x.shape[1] / groups, kernel, kernel]);
  return s.b.conv2d(x, w, bias ? s.param('bias', [outChannels]) : null, rest);
}

/** x [...,C] -> [...,outFeatures]; weight [out,in] as in torch.nn.Linear. */
export function linear(s: Scope, x: Value, outFeatures: number, options: { bias?: boolean } = {}): Value {
  const w = s.param('weight', [outFeatures, x.shape[x.shape.length - 1]]);
  if (options.bias === false) return s.b.matmul(x, w, { transB: true });
  return s.b.linear(x, w, s.param('bias', [outFeatures]));
}

/** Group normalisation of x [N,C,H,W] with affine weight and bias [C]. */
export function groupNorm(s: Scope, x: Value, groups: number, eps: number): Value {
  const [, c] = x.shape;
  invariant(c % groups === 0, `${c} channels in ${groups} groups`);
  return s.b.groupNorm(x, s.param('weight', [c]), s.param('bias', [c]), { groups, eps });
}

/** Layer normalisation over the last axis with affine weight and bias [C]. */
export function layerNorm(s: Scope, x: Value, eps = 1e-5): Value {
  const { b } = s;
  const c = x.shape[x.shape.length - 1];
  const rows = b.normalizeRows(b.reshape(x, [-1, c]), eps);
  return b.add(b.mul(b.reshape(rows, x.shape), s.param('weight', [c])), s.param('bias', [c]));
}

/** [N,C,H,W] -> [N,C f f,H/f,W/f]; channel order as torch.nn.PixelUnshuffle. */
export function pixelUnshuffle(s: Scope, x: Value, f: number): Value {
  const { b } = s;
  const [n, c, h, w] = x.shape;
  const cells = b.transpose(b.reshape(x, [n, c, h / f, f, w / f, f]), [0, 1, 3, 5, 2, 4]);
  return b.reshape(cells, [n, c * f * f, h / f, w / f]);
}

/** [N,C f f,H,W] -> [N,C,H f,W f]; channel order as torch.nn.PixelShuffle. */
export function pixelShuffle(s: Scope, x: Value, f: number): Value {
  const { b } = s;
  const [n, c, h, w] = x.shape;
  const cells = b.transpose(b.reshape(x, [n, c / (f * f), f, f, h, w]), [0, 1, 4, 2, 5, 3]);
  return b.reshape(cells, [n, c / (f * f), h * f, w * f]);
}

/** [N,L,heads d] -> [N,heads,L,d]. */
export function splitHeads(s: Scope, x: Value, heads: number): Value {
  const [n, l, width] = x.shape;
  return s.b.transpose(s.b.reshape(x, [n, l, heads, width / heads]), [0, 2, 1, 3]);
}

/** [N,heads,L,d] -> [N,L,heads d]. */
export function mergeHeads(s: Scope, x: Value): Value {
  const [n, heads, l, d] = x.shape;
  return s.b.reshape(s.b.transpose(x, [0, 2, 1, 3]), [n, l, heads * d]);
}

/** softmax(q k^T / sqrt d) v over the last axes; `bias` is added to the logits (causal masks). */
export function attention(s: Scope, q: Value, k: Value, v: Value, bias?: Value): Value {
  const { b } = s;
  const logits = b.mul(b.matmul(q, k, { transB: true }), 1 / Math.sqrt(q.shape[q.shape.length - 1]));
  return b.attend(bias ? b.add(logits, bias) : logits, v);
}
