// What the pack's U-Net is shown of a rendered pair, and how often (embedded-pack.md section 2, "Modes").

import type { Rng } from '../../base/rng.ts';
import { dilate } from '../../image/morphology.ts';
import { NULL_PROMPT } from '../../render/words.ts';

export type Mode = 'defect' | 'repair' | 'whole-defect' | 'whole-normal';

const SHARES: readonly (readonly [Mode, number])[] = [
  ['defect', 0.72],
  ['repair', 0.1],
  ['whole-defect', 0.09],
  ['whole-normal', 0.09],
];
const DROPPED_WORDS = 0.1;
const HOLE_GROWTH = [1, 5] as const;

export interface ModePlan {
  readonly mode: Mode;
  /** Pixels by which the hole exceeds the mask. */
  readonly growth: number;
  readonly dropWords: boolean;
}

export function planMode(rng: Rng): ModePlan {
  let u = rng.uniform();
  const found = SHARES.find(([, share]) => {
    u -= share;
    return u < 0;
  });
  return {
    mode: found ? found[0] : 'defect',
    growth: HOLE_GROWTH[0] + rng.int(HOLE_GROWTH[1] - HOLE_GROWTH[0] + 1),
    dropWords: rng.chance(DROPPED_WORDS),
  };
}

export interface ModeParts {
  readonly target: 'normal' | 'defect';
  /** [128,128] 0/1: the mask channel and the hole that is blanked. */
  readonly mask: Uint8Array;
  readonly hole: Uint8Array;
  readonly prompt: readonly number[];
}

/** Mask, hole, target and prompt of a rendered pair in one mode; `mask` is the rendered one [128,128]. */
export function modeParts(
  plan: ModePlan,
  mask: Uint8Array,
  prompts: { readonly defect: readonly number[]; readonly normal: readonly number[] },
): ModeParts {
  const side = Math.sqrt(mask.length);
  const whole = plan.mode === 'whole-defect' || plan.mode === 'whole-normal';
  const all = new Uint8Array(mask.length).fill(1);
  const target = plan.mode === 'defect' || plan.mode === 'whole-defect' ? 'defect' : 'normal';
  const words = target === 'defect' ? prompts.defect : prompts.normal;
  return {
    target,
    mask: whole ? all : plan.mode === 'repair' ? new Uint8Array(mask.length) : mask,
    hole: whole ? all : dilate({ width: side, height: side, data: mask }, plan.growth).data,
    prompt: plan.dropWords ? NULL_PROMPT : words,
  };
}
