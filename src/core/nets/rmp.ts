// RMP, SeaS's mask network: U-Net features give a coarse map, decoder features refine it (methods.md 1.5).

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import { type NormMode, Norms } from './batch-norm-layer.ts';
import { bilinear } from './functional.ts';
import { conv } from './layers.ts';
import type { Scope } from './scope.ts';
import { transformer2d } from './transformer-2d.ts';

export interface RmpConfig {
  /** Channels the two U-Net features are reduced to; their sum is the width of everything after. */
  readonly channels: readonly [number, number];
  readonly heads: number;
  readonly groups: number;
  /** Self-attention blocks of the coarse part. */
  readonly layers: number;
}

/** As released for SD 1.4: 6,448,258 parameters with decoder features of 512, 512 and 256 channels. */
export const RMP_STABLE_DIFFUSION: RmpConfig = { channels: [128, 64], heads: 8, groups: 32, layers: 4 };

export interface RmpInputs {
  /** [N,C1,h/2,w/2] and [N,C2,h,w]: outputs of two neighbouring up blocks, after their upsamplers. */
  readonly f1: Value;
  readonly f2: Value;
  /** V_i [B,.,2^(i+1) h,2^(i+1) w] for the first B <= N items (the anomalies): one refinement each. */
  readonly decoder: readonly Value[];
}

/**
 * The features a mask network reads: from the U-Net the first up-block outputs of half and of full latent size
 * (SD: up_blocks 1 and 2; the pack: 0 and 1), from the decoder the first output of each doubling.
 */
export function rmpInputs(
  unetUpBlocks: readonly Value[],
  decoderOutputs: readonly Value[],
  latentHeight: number,
): RmpInputs {
  const ofHeight = (values: readonly Value[], height: number): Value | undefined =>
    values.find((v) => v.shape[2] === height);
  const f1 = ofHeight(unetUpBlocks, latentHeight / 2);
  const f2 = ofHeight(unetUpBlocks, latentHeight);
  invariant(f1 && f2, 'up blocks of half and of full latent size');
  const decoder: Value[] = [];
  for (let h = 2 * latentHeight; ; h *= 2) {
    const v = ofHeight(decoderOutputs, h);
    if (!v) return { f1, f2, decoder };
    decoder.push(v);
  }
}

export interface RmpResult {
  /** [N,2,H,W] after softmax, channel 1 = anomaly; H = 2^refinements h. */
  readonly fine: Value;
  /** [N,2,h,w] */
  readonly coarse: Value;
  /** Features of the first B items before the head: coarse, then after each refinement. [B,width,.,.] */
  readonly features: readonly Value[];
  /** New running statistics by parameter name (`batch` mode), momentum 0.1. */
  readonly running: Readonly<Record<string, Value>>;
}

/** Convolution without bias, batch norm, ReLU: the unit everything in a refinement is made of. */
function unit(s: Scope, x: Value, width: number, kernel: 1 | 3, norms: Norms): Value {
  const h = conv(s.at('conv'), x, width, kernel, { pads: (kernel - 1) / 2, bias: false });
  return s.b.relu(norms.apply(s.at('bn'), h));
}

/** The released network declares a conv6 that it never calls; it is kept so that its files fit. */
function declareUnused(s: Scope, width: number): void {
  s.at('conv').param('weight', [width, width, 3, 3]);
  for (const name of ['weight', 'bias', 'running_mean', 'running_var']) s.at('bn').param(name, [width]);
}

/** mrm.i: x [B,width,h,w] and decoder features [B,.,2h,2w] -> [B,width,2h,2w]. */
function refine(s: Scope, x: Value, decoder: Value, norms: Norms): Value {
  const { b } = s;
  const [, width, h, w] = x.shape;
  invariant(decoder.shape[2] === 2 * h && decoder.shape[3] === 2 * w, 'decoder features of twice the size');
  const c = bilinear(b, x, [2 * h, 2 * w], { alignCorners: true });
  const step = (name: string, from: Value, kernel: 1 | 3 = 1): Value =>
    unit(s.at(name), from, width, kernel, norms);
  const direct = step('conv5', c);
  const deep = step('conv4', step('conv3', step('conv2', c), 3));
  declareUnused(s.at('conv6'), width);
  const deeper = step('conv9', step('conv8', step('conv7', deep), 3));
  const gate = b.add(b.add(deep, direct), deeper);
  return b.add(b.mul(step('conv1', decoder), gate), c);
}

/** Both features at the size of f2, through self-attention: [N,width,h,w]. */
function coarseFeatures(s: Scope, f1: Value, f2: Value, config: RmpConfig): Value {
  const { b } = s;
  const [, , h, w] = f2.shape;
  const [c1, c2] = config.channels;
  const upper = bilinear(b, conv(s.at('conv_f1'), f1, c1, 1, { bias: false }), [h, w]);
  const joined = b.concat([upper, conv(s.at('conv_f2'), f2, c2, 1, { bias: false })], 1);
  const { heads, layers, groups } = config;
  return transformer2d(s.at('transformer'), joined, null, {
    heads,
    layers,
    normGroups: groups,
    useLinearProjection: false,
  });
}

/** Batch norm, ReLU, 3x3 convolution to two channels, softmax over them; shared by both scales. */
function head(s: Scope, x: Value, norms: Norms): Value {
  const h = s.b.relu(norms.apply(s.at('head.0'), x));
  return s.b.softmax(conv(s.at('head.2'), h, 2, 3, { pads: 1 }), 1);
}

/**
 * The mask network. Items beyond the first B have no decoder features: their coarse features are enlarged
 * directly (normal pictures in training). The head sees the fine map first, then the coarse one.
 */
export function rmp(s: Scope, inputs: RmpInputs, config: RmpConfig, mode: NormMode): RmpResult {
  const { b } = s;
  const { f1, f2, decoder } = inputs;
  const norms = new Norms(mode);
  const coarse = coarseFeatures(s, f1, f2, config);
  const items = coarse.shape[0];
  const refinedItems = decoder[0]?.shape[0] ?? items;
  const features = [b.narrow(coarse, 0, 0, refinedItems)];
  decoder.forEach((v, i) => {
    features.push(refine(s.at(`mrm.${i}`), features[i], v, norms));
  });
  let last = features[features.length - 1];
  if (refinedItems < items) {
    const rest = b.narrow(coarse, 0, refinedItems, items - refinedItems);
    last = b.concat([last, bilinear(b, rest, [last.shape[2], last.shape[3]])], 0);
  }
  const fine = head(s, last, norms);
  const coarseMap = head(s, coarse, norms);
  return { fine, coarse: coarseMap, features, running: norms.running(s.table) };
}
