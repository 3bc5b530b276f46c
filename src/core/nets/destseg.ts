// DeSTSeg (Zhang et al. 2023): a student that removes defects from a frozen teacher's features, and a head that reads
// where the two disagree. Sizes for windows: decision 0019.

import { invariant } from '../base/errors.ts';
import type { Builder } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { bilinear, cosineSimilarity, l2Norm } from './functional.ts';
import { conv, groupNorm, pixelUnshuffle } from './layers.ts';
import type { Scope } from './scope.ts';

export interface DestsegConfig {
  /** Base width of student and head; a multiple of `normGroups`. */
  readonly width: number;
  readonly normGroups: number;
  /** Channels of the teacher's features, the largest map first; each half the size of the one before. */
  readonly teacher: readonly number[];
  /** Dilations of the head's pyramid (ASPP). */
  readonly dilations: readonly number[];
}

/** 3x3 convolution, group norm, ReLU. */
function unit(s: Scope, x: Value, channels: number, groups: number, dilation = 1): Value {
  const h = conv(s.at('conv'), x, channels, 3, { pads: dilation, dilation, bias: false });
  return s.b.relu(groupNorm(s.at('norm'), h, groups, 1e-5));
}

const halved = (b: Builder, x: Value): Value => b.mul(b.sumCells2x(x), 0.25);

/**
 * picture [N,C,H,W] -> features of the teacher's shapes at H/4, H/8, ...: an encoder to half the size of the smallest
 * and a decoder back, without skip connections.
 */
export function destsegStudent(s: Scope, picture: Value, config: DestsegConfig): Value[] {
  const { width, normGroups, teacher } = config;
  const levels = teacher.length;
  const widthAt = (level: number) => Math.min(2 ** level, 4) * width;
  let h = unit(s.at('stem'), pixelUnshuffle(s, picture, 2), width, normGroups);
  for (let level = 1; level <= levels; level++) {
    h = unit(s.at(`encoder.${level}.0`), halved(s.b, h), widthAt(level), normGroups);
    h = unit(s.at(`encoder.${level}.1`), h, widthAt(level), normGroups);
  }
  h = unit(s.at('bottleneck'), halved(s.b, h), widthAt(levels + 1), normGroups);
  const outputs: Value[] = [];
  for (let level = levels; level >= 1; level--) {
    h = unit(s.at(`decoder.${level}.0`), s.b.upsampleNearest2x(h), widthAt(level), normGroups);
    h = unit(s.at(`decoder.${level}.1`), h, widthAt(level), normGroups);
    outputs.unshift(conv(s.at(`out.${level}`), h, teacher[level - 1], 1));
  }
  return outputs;
}

/** 1 - cosine of two feature maps [N,C,h,w] per position -> [N,1,h,w]. */
export function featureDistance(b: Builder, x: Value, y: Value): Value {
  const [n, , h, w] = x.shape;
  return b.reshape(b.sub(1, cosineSimilarity(b, x, y, 1)), [n, 1, h, w]);
}

const unitLength = (b: Builder, x: Value): Value => b.div(x, b.maximum(l2Norm(b, x, [1], true), 1e-8));

/** Products of the unit-length features of both, brought to the largest size: [N, sum C, h, w]. */
export function fusedSimilarity(b: Builder, teacher: readonly Value[], student: readonly Value[]): Value {
  invariant(teacher.length === student.length, 'as many features of the student as of the teacher');
  const [, , h, w] = teacher[0].shape;
  const maps = teacher.map((t, i) => bilinear(b, b.mul(unitLength(b, t), unitLength(b, student[i])), [h, w]));
  return b.concat(maps, 1);
}

/** Fused similarity [N,C,h,w] -> logits [N,1,h,w]: two residual blocks, then atrous spatial pyramid pooling. */
export function destsegHead(s: Scope, fused: Value, config: DestsegConfig): Value {
  const { b } = s;
  const { width, normGroups, dilations } = config;
  const inner = 4 * width;
  let h = fused;
  for (const i of [0, 1]) {
    const at = s.at(`blocks.${i}`);
    const second = unit(at.at('1'), unit(at.at('0'), h, inner, normGroups), inner, normGroups);
    h = b.add(conv(at.at('shortcut'), h, inner, 1), second);
  }
  const [n, , height, breadth] = h.shape;
  const pooled = b.relu(conv(s.at('aspp.pool'), b.mean(h, [2, 3], true), width, 1));
  const branches = [
    b.relu(conv(s.at('aspp.point'), h, width, 1)),
    ...dilations.map((d) => unit(s.at(`aspp.${d}`), h, width, normGroups, d)),
    b.expand(pooled, [n, width, height, breadth]),
  ];
  const joined = unit(s.at('join'), b.concat(branches, 1), inner, normGroups);
  return conv(s.at('out'), joined, 1, 1);
}
