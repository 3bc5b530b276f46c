// Activations that are not ops of their own.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';

/** x where x > 0, slope x elsewhere (torch.nn.LeakyReLU). */
export function leakyRelu(b: Builder, x: Value, slope = 0.01): Value {
  return b.where(b.greater(x, 0), x, b.mul(x, slope));
}

/** x sigmoid(1.702 x): the activation of CLIP's text encoder. */
export function quickGelu(b: Builder, x: Value): Value {
  return b.mul(x, b.sigmoid(b.mul(x, 1.702)));
}

/**
 * GELU by its tanh approximation, x/2 (1 + tanh u), u = sqrt(2/pi) (x + 0.044715 x^3), written as
 * x / (1 + exp(-2u)): the same number without the cancellation of 1 + tanh u for negative x
 * (ONNX Runtime's Sigmoid has an absolute error of 5e-8 in its tail; Exp is exact there).
 */
export function geluTanh(b: Builder, x: Value): Value {
  const u2 = b.mul(b.mul(x, b.add(b.mul(b.square(x), 0.044715), 1)), 2 * Math.sqrt(2 / Math.PI));
  const decay = b.exp(b.neg(b.clip(u2, -80, 80)));
  return b.mul(x, b.reciprocal(b.add(decay, 1)));
}

/** [...,2C] -> [...,C]: first half times gelu (erf form) of the second, value before gate. */
export function geglu(b: Builder, x: Value): Value {
  const [value, gate] = b.split(x, -1, 2);
  return b.mul(value, b.gelu(gate));
}

/** log(softmax(x)) along one axis, without overflow. */
export function logSoftmax(b: Builder, x: Value, axis = -1): Value {
  const shifted = b.sub(x, b.stopGradient(b.max(x, [axis], true)));
  return b.sub(shifted, b.log(b.sum(b.exp(shifted), [axis], true)));
}
