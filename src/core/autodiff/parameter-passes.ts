// The optimiser's passes over a share of the parameters, so that several threads can each take one. What a pass gives
// for a parameter does not depend on the others of its share: shares change no number.

import { adamw, sumGradients } from './kernel/parameter-kernel.ts';

/** One parameter; the parts of its gradient (none: it counts as zero), and its moments. */
export interface ParameterArrays {
  readonly weight: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly gradients: readonly Float32Array[];
}

export interface UpdateNumbers {
  /** Factor of the gradients' sum. */
  readonly scale: number;
  readonly betas: readonly [number, number];
  readonly floor: number;
  /** By parameter of the share: factor of the weight, and of the moments' quotient. */
  readonly keep: readonly number[];
  readonly rate: readonly number[];
}

/** Sums of the gradients' parts, left in the first of them; the sum of squares of each parameter's. */
export function sumShare(share: readonly ParameterArrays[]): number[] {
  return share.map(({ gradients: [gradient, ...more] }) => (gradient ? sumGradients(gradient, more) : 0));
}

/** AdamW's update of every parameter in place. */
export function updateShare(share: readonly ParameterArrays[], numbers: UpdateNumbers): void {
  const { scale, betas, floor, keep, rate } = numbers;
  for (const [i, { gradients, ...state }] of share.entries()) {
    adamw(state, gradients[0], { scale, betas, floor, keep: keep[i], rate: rate[i] });
  }
}

/** Indices of `sizes` in `count` shares of about equal size, the same for the same sizes. */
export function sharesOf(sizes: readonly number[], count: number): number[][] {
  const shares = Array.from({ length: count }, () => ({ size: 0, members: [] as number[] }));
  const largestFirst = sizes.map((_, i) => i).sort((a, b) => sizes[b] - sizes[a] || a - b);
  for (const i of largestFirst) {
    const smallest = shares.reduce((least, s) => (s.size < least.size ? s : least));
    smallest.size += sizes[i];
    smallest.members.push(i);
  }
  return shares.map(({ members }) => members.sort((a, b) => a - b));
}
