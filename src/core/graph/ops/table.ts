// The one list of ops: a new op is one file and one row here.

import { attend } from './attend.ts';
import { add, div, equal, greater, maximum, mul, pow, sub } from './binary.ts';
import { convInputGrad } from './conv-input-grad.ts';
import { convWeightGrad } from './conv-weight-grad.ts';
import { conv2d } from './conv2d.ts';
import { gather, scatterRows } from './gather.ts';
import { gelu } from './gelu.ts';
import { groupNorm, groupNormalized, groupRstd } from './group-norm.ts';
import { linear } from './linear.ts';
import { matmul } from './matmul.ts';
import { concat, expand, pad, reshape, reverse, slice, transpose } from './movement.ts';
import { normalizeRows, rowRstd } from './normalize.ts';
import { max, sum } from './reduce.ts';
import { sumCells2x, upsampleNearest2x } from './resize.ts';
import { scaleShift } from './scale-shift.ts';
import { after, cast, stopGradient, where } from './select.ts';
import { silu } from './silu.ts';
import { softmax } from './softmax.ts';
import {
  abs,
  cos,
  erf,
  exp,
  log,
  neg,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  tanh,
} from './unary.ts';

export const OPS = {
  abs,
  add,
  after,
  attend,
  cast,
  concat,
  conv2d,
  convInputGrad,
  convWeightGrad,
  cos,
  div,
  equal,
  erf,
  exp,
  expand,
  gather,
  gelu,
  greater,
  groupNorm,
  groupNormalized,
  groupRstd,
  linear,
  log,
  matmul,
  max,
  maximum,
  mul,
  neg,
  normalizeRows,
  pad,
  pow,
  reciprocal,
  relu,
  reshape,
  reverse,
  rowRstd,
  scaleShift,
  scatterRows,
  sigmoid,
  sign,
  silu,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  stopGradient,
  sub,
  sum,
  sumCells2x,
  tanh,
  transpose,
  upsampleNearest2x,
  where,
} as const;

export type OpName = keyof typeof OPS;
