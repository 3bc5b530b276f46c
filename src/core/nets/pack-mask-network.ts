// RMP on an f = 4 window pack: U-Net features at 16 and 32 px, decoder features at 64 px, one refinement
// per doubling (interfaces.md, "Pack folder").

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import type { NormMode } from './batch-norm-layer.ts';
import { type RmpConfig, type RmpResult, rmp } from './rmp.ts';
import type { Scope } from './scope.ts';

/** Small enough to train in a minute on two cores; self-attention over 32x32 cells is its main cost. */
export const PACK_RMP: RmpConfig = { channels: [32, 16], heads: 4, groups: 8, layers: 1 };

export interface PackFeatures {
  /** up_blocks.0 [N,C1,16,16] and up_blocks.1 [N,C2,32,32] of the U-Net. */
  readonly upBlocks: readonly Value[];
  /** [B,C,64,64] of the decoder, for the first B <= N items. */
  readonly decoder: readonly Value[];
}

export function packMaskNetwork(s: Scope, features: PackFeatures, mode: NormMode): RmpResult {
  const [f1, f2] = features.upBlocks;
  invariant(2 * f1.shape[2] === f2.shape[2], 'up blocks of neighbouring sizes');
  return rmp(s, { f1, f2, decoder: features.decoder }, PACK_RMP, mode);
}
