// Windows in the features of the base pack's encoder: vectors for the kernel distance, maps for distances of pairs.

import { Builder } from '../../core/graph/builder.ts';
import type { Program } from '../../core/graph/graph.ts';
import type { Features } from '../../core/metrics/kid.ts';
import { packFeatures } from '../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../core/nets/scope.ts';
import { WINDOW } from '../../core/recipes/pack/condition.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compileWith } from '../runtime/rows.ts';

const ROWS = 8;
const PICTURE = 3 * WINDOW * WINDOW;
/** Side of the maps that pairs are compared on. */
const MAP = 16;

export interface WindowFeatures {
  /** Means and standard deviations of every channel of both taps. */
  readonly vectors: Features;
  /** Per window: unit feature vectors of both taps, averaged over cells, [C, 16 * 16] each. */
  readonly maps: readonly (readonly Float32Array[])[];
}

function program(rows: number): Program {
  const s = new Scope(new Builder());
  const [half, quarter] = packFeatures(s, s.b.input('image', [rows, 3, WINDOW, WINDOW]));
  return { outputs: { half, quarter } };
}

/** @param windows [3,128,128] in 0..1 */
export async function windowFeatures(
  windows: readonly Float32Array[],
  weights: Readonly<Record<string, Float32Array>>,
  options: CompileOptions,
): Promise<WindowFeatures> {
  const runnable = await compileWith(weights, ROWS, program, options);
  const vectors: number[] = [];
  const maps: Float32Array[][] = [];
  try {
    for (let at = 0; at < windows.length; at += ROWS) {
      const image = new Float32Array(ROWS * PICTURE);
      const part = windows.slice(at, at + ROWS);
      part.forEach((window, k) => {
        for (let i = 0; i < PICTURE; i++) image[k * PICTURE + i] = 2 * window[i] - 1;
      });
      const results = await runnable.run({ image });
      const taps = [results.half as Float32Array, results.quarter as Float32Array];
      part.forEach((_, k) => {
        const own = taps.map((tap) => tap.subarray((k * tap.length) / ROWS, ((k + 1) * tap.length) / ROWS));
        for (const [t, tap] of own.entries()) vectors.push(...moments(tap, sideOf(t)));
        maps.push(own.map((tap, t) => unitCells(tap, sideOf(t))));
      });
    }
  } finally {
    await runnable.release();
  }
  const width = windows.length === 0 ? 1 : vectors.length / windows.length;
  return { vectors: { data: Float64Array.from(vectors), width }, maps };
}

const sideOf = (tap: number): number => (tap === 0 ? WINDOW / 2 : WINDOW / 4);

function moments(tap: Float32Array, side: number): number[] {
  const area = side * side;
  const out: number[] = [];
  for (let at = 0; at < tap.length; at += area) {
    let [sum, squares] = [0, 0];
    for (let i = at; i < at + area; i++) {
      sum += tap[i];
      squares += tap[i] * tap[i];
    }
    const mean = sum / area;
    out.push(mean, Math.sqrt(Math.max(0, squares / area - mean * mean)));
  }
  return out;
}

/** Unit vectors over the channels at every position, then means over square cells. */
function unitCells(tap: Float32Array, side: number): Float32Array {
  const area = side * side;
  const channels = tap.length / area;
  const cell = side / MAP;
  const out = new Float32Array(channels * MAP * MAP);
  for (let i = 0; i < area; i++) {
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += tap[c * area + i] ** 2;
    const scale = 1 / ((Math.sqrt(squares) + 1e-10) * cell * cell);
    const to = Math.floor(Math.floor(i / side) / cell) * MAP + Math.floor((i % side) / cell);
    for (let c = 0; c < channels; c++) out[c * MAP * MAP + to] += tap[c * area + i] * scale;
  }
  return out;
}

/** LPIPS's form on these features: squared difference of the vectors, averaged over positions, summed over taps. */
export function featureDistance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let total = 0;
  for (let t = 0; t < a.length; t++) {
    let sum = 0;
    for (let i = 0; i < a[t].length; i++) sum += (a[t][i] - b[t][i]) ** 2;
    total += sum / (MAP * MAP);
  }
  return total;
}

/** Divided, dimension by dimension, by the root mean square of `by`: large channels do not decide alone. */
export function scaledBy(features: Features, by: Features): Features {
  const { width } = features;
  const squares = new Float64Array(width);
  by.data.forEach((value, i) => {
    squares[i % width] += value * value;
  });
  const rows = by.data.length / width;
  const scale = squares.map((sum) => 1 / Math.max(1e-6, Math.sqrt(sum / rows)));
  return { data: Float64Array.from(features.data, (value, i) => value * scale[i % width]), width };
}
