// DRAEM: an autoencoder that removes defects, and a U-Net that compares its picture with the original (methods.md 4.3).

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import { type NormMode, Norms } from './batch-norm-layer.ts';
import { bilinear, maxPool2x2 } from './functional.ts';
import { conv } from './layers.ts';
import type { Scope } from './scope.ts';

export interface DraemConfig {
  /** Base width of the autoencoder; 128 in the release. */
  readonly reconstructive: number;
  /** Base width of the U-Net; 64 in the release. */
  readonly discriminative: number;
}

export const DRAEM_RELEASE: DraemConfig = { reconstructive: 128, discriminative: 64 };

/** Widths of the blocks as multiples of the base; each but the first works at half the size of the one before. */
const ENCODER = { reconstructive: [1, 2, 4, 8, 8], discriminative: [1, 2, 4, 8, 8, 8] } as const;

/** 3x3 convolution with bias at `index`, batch norm after it, ReLU. */
function unit(s: Scope, x: Value, width: number, index: number, norms: Norms): Value {
  const h = conv(s.at(`${index}`), x, width, 3, { pads: 1 });
  return s.b.relu(norms.apply(s.at(`${index + 1}`), h));
}

/** Two units, indices 0 and 3. */
function block(s: Scope, x: Value, inner: number, outer: number, norms: Norms): Value {
  return unit(s, unit(s, x, inner, 0, norms), outer, 3, norms);
}

/** Doubles the size: bilinear with aligned corners, then a unit at index 1. */
function up(s: Scope, x: Value, width: number, norms: Norms): Value {
  const [, , h, w] = x.shape;
  return unit(s, bilinear(s.b, x, [2 * h, 2 * w], { alignCorners: true }), width, 1, norms);
}

/** Every block's output, the largest picture first. */
function encode(s: Scope, x: Value, widths: readonly number[], norms: Norms): Value[] {
  const [, , height, width] = x.shape;
  const factor = 2 ** (widths.length - 1);
  invariant(height % factor === 0 && width % factor === 0, `a picture of ${height}x${width} for DRAEM`);
  const outputs: Value[] = [];
  widths.forEach((channels, i) => {
    const input = i === 0 ? x : maxPool2x2(s.b, outputs[i - 1]);
    outputs.push(block(s.at(`block.${i}`), input, channels, channels, norms));
  });
  return outputs;
}

/** picture [N,C,H,W], H and W multiples of 16 -> the same without its defects. */
export function draemReconstruct(s: Scope, picture: Value, base: number, norms: Norms): Value {
  const widths = ENCODER.reconstructive.map((multiple) => multiple * base);
  let h = encode(s, picture, widths, norms)[widths.length - 1];
  for (let i = 0; i < widths.length - 1; i++) {
    const at = widths.length - 1 - i;
    // A doubling keeps the width of the block at its size; the block after it narrows to the next.
    h = up(s.at(`up.${i}`), h, h.shape[1], norms);
    h = block(s.at(`db.${i}`), h, h.shape[1], at > 1 ? widths[at - 2] : base, norms);
  }
  return conv(s.at('fin_out'), h, picture.shape[1], 3, { pads: 1 });
}

/** pair [N,2C,H,W], H and W multiples of 32 -> logits [N,2,H,W], channel 1 = defect. */
export function draemSegment(s: Scope, pair: Value, base: number, norms: Norms): Value {
  const widths = ENCODER.discriminative.map((multiple) => multiple * base);
  const skips = encode(s, pair, widths, norms);
  let h = skips[widths.length - 1];
  for (let i = 0; i < widths.length - 1; i++) {
    const at = widths.length - 2 - i;
    const width = at > 0 ? widths[at - 1] : base;
    const upper = up(s.at(`up.${i}`), h, width, norms);
    h = block(s.at(`db.${i}`), s.b.concat([upper, skips[at]], 1), width, width, norms);
  }
  return conv(s.at('fin_out'), h, 2, 3, { pads: 1 });
}

export interface DraemResult {
  /** [N,C,H,W] */
  readonly reconstruction: Value;
  /** [N,2,H,W] before the softmax. */
  readonly logits: Value;
  /** New running statistics by parameter name (`batch` mode). */
  readonly running: Readonly<Record<string, Value>>;
}

/**
 * Both networks, parameters under `reconstructive` and `discriminative`. The U-Net sees the reconstruction, then the
 * picture; `detach` keeps its gradient from the autoencoder (the release does not).
 * @param picture [N,C,H,W] in 0..1, H and W multiples of 32
 */
export function draem(
  s: Scope,
  picture: Value,
  config: DraemConfig,
  mode: NormMode,
  options: { readonly detach?: boolean } = {},
): DraemResult {
  const norms = new Norms(mode);
  const reconstruction = draemReconstruct(s.at('reconstructive'), picture, config.reconstructive, norms);
  const seen = options.detach ? s.b.stopGradient(reconstruction) : reconstruction;
  const pair = s.b.concat([seen, picture], 1);
  const logits = draemSegment(s.at('discriminative'), pair, config.discriminative, norms);
  return { reconstruction, logits, running: norms.running(s.table) };
}
