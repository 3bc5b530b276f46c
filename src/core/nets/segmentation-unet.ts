// A small U-Net (Ronneberger et al. 2015) that marks defects. It works at half the picture's size and below, which the
// pixels of 2x2 cells as channels make exact at the borders of marks. Group norms: a window's map does not depend on
// the other windows of its batch.

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import { conv, groupNorm, pixelShuffle, pixelUnshuffle } from './layers.ts';
import type { Scope } from './scope.ts';

export interface SegmentationUnetConfig {
  /** Channels at half size; a multiple of `normGroups`. */
  readonly width: number;
  /** Channels of every level as multiples of `width`; each level works at half the size of the one before. */
  readonly multiples: readonly number[];
  readonly normGroups: number;
}

/** 0.51 M parameters at width 24, 0.23 M at 16. */
export const SEGMENTATION_UNET: SegmentationUnetConfig = {
  width: 24,
  multiples: [1, 2, 3, 4],
  normGroups: 8,
};

/** Two times 3x3 convolution, group norm, ReLU. */
function block(s: Scope, x: Value, channels: number, groups: number): Value {
  let h = x;
  for (const i of [1, 2]) {
    const convolved = conv(s.at(`conv${i}`), h, channels, 3, { pads: 1, bias: false });
    h = s.b.relu(groupNorm(s.at(`norm${i}`), convolved, groups, 1e-5));
  }
  return h;
}

/** picture [N,C,H,W], H and W multiples of 2^levels -> logits [N,1,H,W]. */
export function segmentationUnet(s: Scope, picture: Value, config = SEGMENTATION_UNET): Value {
  const { b } = s;
  const { width, multiples, normGroups } = config;
  const last = multiples.length - 1;
  const [, , height, breadth] = picture.shape;
  const factor = 2 ** multiples.length;
  invariant(height % factor === 0 && breadth % factor === 0, `a picture of ${height}x${breadth}`);
  const skips: Value[] = [];
  let h = pixelUnshuffle(s, picture, 2);
  multiples.forEach((multiple, level) => {
    h = block(s.at(`down.${level}`), h, multiple * width, normGroups);
    if (level === last) return;
    skips.push(h);
    h = b.mul(b.sumCells2x(h), 0.25);
  });
  for (let level = last - 1; level >= 0; level--) {
    const joined = b.concat([b.upsampleNearest2x(h), skips[level]], 1);
    h = block(s.at(`up.${level}`), joined, multiples[level] * width, normGroups);
  }
  return pixelShuffle(s, conv(s.at('out'), h, 4, 3, { pads: 1 }), 2);
}
