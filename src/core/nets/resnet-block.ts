// ResnetBlock2D of diffusers, with a time embedding (U-Net) or without (autoencoder).

import type { Value } from '../graph/value.ts';
import { conv, groupNorm, linear } from './layers.ts';
import type { Scope } from './scope.ts';

export interface ResnetOptions {
  readonly outChannels: number;
  readonly groups: number;
  readonly eps: number;
  /** SiLU of the time embedding [N,E]. */
  readonly time?: Value;
}

/** x [N,Cin,H,W] -> [N,Cout,H,W]; `conv_shortcut` only where the number of channels changes. */
export function resnetBlock(s: Scope, x: Value, options: ResnetOptions): Value {
  const { b } = s;
  const { outChannels, groups, eps, time } = options;
  let h = b.silu(groupNorm(s.at('norm1'), x, groups, eps));
  h = conv(s.at('conv1'), h, outChannels, 3, { pads: 1 });
  if (time) {
    const shift = linear(s.at('time_emb_proj'), time, outChannels);
    h = b.add(h, b.reshape(shift, [x.shape[0], outChannels, 1, 1]));
  }
  h = b.silu(groupNorm(s.at('norm2'), h, groups, eps));
  h = conv(s.at('conv2'), h, outChannels, 3, { pads: 1 });
  return b.add(h, x.shape[1] === outChannels ? x : conv(s.at('conv_shortcut'), x, outChannels, 1));
}
