// AdamW as a graph over long vectors: the same update as the typed-array pass in adamw.ts, for devices that hold the
// state themselves.

import { Builder } from '../graph/builder.ts';
import type { Program } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { type AdamWOptions, adamwOptions } from './adamw.ts';
import { FLAT_ROW } from './flat-parameters.ts';

/** What is kept per vector. */
export type FlatState = 'weights' | 'm' | 'v' | 'average';
/** Input; the output that takes its place is called `new STATE i`. */
export const stateName = (state: FlatState, vector: number) => `${state} ${vector}`;
export const newStateName = (state: string) => `new ${state}`;
export const gradientName = (vector: number) => `gradient ${vector}`;

/** Numbers that change from step to step, each fed as [1]. */
export interface StepNumbers {
  /** By vector. */
  readonly rates: readonly number[];
  /** Updates made, this one included. */
  readonly step: number;
  /** What the gradients are multiplied with before clipping: 1 over the number of micro-batches. */
  readonly gradientScale: number;
  /** Decay of the moving average, where there is one. */
  readonly averageDecay?: number;
}

export function stepFeeds(numbers: StepNumbers, options: AdamWOptions): Record<string, Float32Array> {
  const { betas, weightDecay } = adamwOptions(options);
  const [b1, b2] = betas;
  const { rates, step, gradientScale, averageDecay } = numbers;
  const feeds: Record<string, number> = {
    gradientScale,
    secondScale: 1 / Math.sqrt(1 - b2 ** step),
    ...(averageDecay !== undefined && { averageMove: 1 - averageDecay }),
  };
  rates.forEach((rate, i) => {
    feeds[`rate ${i}`] = rate / (1 - b1 ** step);
    feeds[`keep ${i}`] = 1 - rate * weightDecay;
  });
  return Object.fromEntries(Object.entries(feeds).map(([name, v]) => [name, Float32Array.of(v)]));
}

/** Sum of squares of a vector in two stages, so that no long chain of float additions is formed. */
function sumOfSquares(b: Builder, x: Value): Value {
  return b.sum(b.sum(b.square(b.reshape(x, [-1, FLAT_ROW])), [1]), [0], true);
}

/** Outputs: the new state of every vector, and `norm` [1], the gradients' global norm before clipping. */
export function adamwProgram(
  lengths: readonly number[],
  options: AdamWOptions,
  withAverage: boolean,
): Program {
  const { betas, eps, maxNorm } = adamwOptions(options);
  const [b1, b2] = betas;
  const b = new Builder();
  const number = (name: string) => b.input(name, [1]);
  const gradients = lengths.map((n, i) => b.input(gradientName(i), [n]));
  const total = gradients.map((g) => sumOfSquares(b, g)).reduce((x, y) => b.add(x, y));
  const scale = number('gradientScale');
  const norm = b.mul(b.sqrt(total), scale);
  const clip = Number.isFinite(maxNorm)
    ? b.mul(scale, b.div(b.constant([maxNorm], [1]), b.maximum(b.add(norm, 1e-6), maxNorm)))
    : scale;
  const outputs: Record<string, Value> = { norm };
  lengths.forEach((length, i) => {
    const state = (name: FlatState) => b.input(stateName(name, i), [length]);
    const put = (name: FlatState, value: Value) => {
      outputs[newStateName(stateName(name, i))] = value;
    };
    const g = b.mul(gradients[i], clip);
    const m = b.add(b.mul(state('m'), b1), b.mul(g, 1 - b1));
    const v = b.add(b.mul(state('v'), b2), b.mul(b.square(g), 1 - b2));
    const spread = b.add(b.mul(b.sqrt(v), number('secondScale')), eps);
    const move = b.mul(b.div(m, spread), number(`rate ${i}`));
    const weights = b.sub(b.mul(state('weights'), number(`keep ${i}`)), move);
    put('weights', weights);
    put('m', m);
    put('v', v);
    if (!withAverage) return;
    const average = state('average');
    put('average', b.add(average, b.mul(b.sub(weights, average), number('averageMove'))));
  });
  return { outputs };
}

/** Adds gradients of micro-batches: `sum i` = `gradient i` + `more i`. */
export function addProgram(lengths: readonly number[]): Program {
  const b = new Builder();
  const sums = lengths.map((n, i) => [
    `sum ${i}`,
    b.add(b.input(gradientName(i), [n]), b.input(`more ${i}`, [n])),
  ]);
  return { outputs: Object.fromEntries(sums) };
}
