// Classifier-free guidance: push the output away from what the network says without a prompt.

import { type Floats, mix } from './floats.ts';

/** unconditional + scale * (conditional - unconditional) (Ho and Salimans 2022); scale 1 = conditional only. */
export function guide<T extends Floats>(unconditional: T, conditional: T, scale: number): T {
  return mix(unconditional, [1 - scale, unconditional], [scale, conditional]);
}
