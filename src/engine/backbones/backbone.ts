// A base model as AnoGen, AnomalySD and inspection need it, whatever its layout: latents, conditions, networks, weights.

import type { PredictionType } from '../../core/diffusion/parametrisation.ts';
import type { Value } from '../../core/graph/value.ts';
import type { Scope } from '../../core/nets/scope.ts';
import type { DenoiseNetworks } from '../../core/recipes/pack/denoise-loss.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';

/** `window`: the embedded pack's kind. `picture`: Stable Diffusion 1.x. */
export type BackboneKind = 'window' | 'picture';

/** What stands beside the noisy latent in one row of the U-Net's input. */
export interface Beside {
  /** [S,S] 0/1: what is blanked. */
  readonly hole: Uint8Array;
  /** [S,S] 0/1: where a window pack shall draw a defect; other models have no such input. */
  readonly mark: Uint8Array;
  /** [C,h,w] latent of the picture with the hole grey. */
  readonly blanked: Float32Array;
}

export interface Backbone {
  readonly kind: BackboneKind;
  /** Whether the U-Net is told of holes; else known parts are only blended in while sampling. */
  readonly inpaints: boolean;
  /** Side of what it works on, px, and of its latent. */
  readonly size: number;
  readonly latentSize: number;
  readonly latentChannels: number;
  readonly predictionType: PredictionType;
  readonly alphasCumprod: ArrayLike<number>;
  readonly networks: Pick<DenoiseNetworks, 'unet' | 'text'>;
  readonly promptLength: number;
  /** What the features that stand in for a pre-trained network are, for reports. */
  readonly featureName: string;
  /** A fresh tokenizer: adding tokens changes it. */
  tokenizer(): Tokenizer;
  /** `unet/...` and `text/...`. */
  denoiserWeights(): Record<string, Float32Array>;
  /** By state-dict name, encoder and decoder. */
  autoencoderWeights(): Record<string, Float32Array>;
  /** image [N,3,S,S] in [-1,1] -> raw latent mean [N,C,h,w]. */
  encode(s: Scope, image: Value): Value;
  /** Raw latent -> image. */
  decode(s: Scope, latent: Value): Value;
  /** Features of the encoder, finest first: [N,c,h,w] each. */
  features(s: Scope, image: Value): Value[];
  /** Raw latents to what the U-Net works on, and back; in place. */
  normalize(z: Float32Array): Float32Array;
  restore(z: Float32Array): Float32Array;
  /** Writes the channels beside the noisy latent; `out` is one row's part after the latent. */
  writeBeside(out: Float32Array, beside: Beside): void;
}

/** Numbers of one latent, and of one row of the U-Net's input. */
export const latentLength = (b: Backbone): number => b.latentChannels * b.latentSize ** 2;
export const rowLength = (b: Backbone): number => b.networks.unet.inChannels * b.latentSize ** 2;

/** 1 in latent cells that the hole [S,S] touches. */
export function holeCells(hole: Uint8Array, size: number, latentSize: number): Uint8Array {
  const cell = size / latentSize;
  const cells = new Uint8Array(latentSize * latentSize);
  for (let i = 0; i < hole.length; i++) {
    if (hole[i] === 0) continue;
    cells[Math.floor(Math.floor(i / size) / cell) * latentSize + Math.floor((i % size) / cell)] = 1;
  }
  return cells;
}

/** Picture [3,S,S] in [-1,1] with the hole set to grey. */
export function blanked(image: Float32Array, hole: Uint8Array): Float32Array {
  return image.map((v, i) => (hole[i % hole.length] === 0 ? v : 0));
}
