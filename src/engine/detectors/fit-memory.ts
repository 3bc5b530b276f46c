// Fills a feature memory from good windows: statistics of the channels, then a coreset of the patches.

import { namedRng } from '../../core/base/rng.ts';
import { coreset } from '../../core/recipes/detector/coreset.ts';
import { releasing } from '../runtime/releasing.ts';
import { compileRows } from '../runtime/rows.ts';
import type { DetectorContext, DetectorRequest } from './detector.ts';
import type { MemoryMethod } from './methods/memory.ts';
import type { DetectorSettings } from './settings.ts';

/** Windows whose features are computed at once. */
const ROWS = 4;
/** Patches the coreset is chosen from; of more an even random share is taken. */
const MOST_PATCHES = 20_000;

/** Patch features [n,channels] of good windows, at most `MOST_PATCHES` of them. */
async function goodPatches(
  method: MemoryMethod,
  settings: DetectorSettings,
  request: DetectorRequest,
  context: DetectorContext,
): Promise<Float32Array> {
  const { memoryWindows, window: side } = settings;
  return releasing(async (hold) => {
    const runnable = hold(await compileRows(ROWS, (rows) => method.patches(rows), request.compile));
    await runnable.hold(method.frozen);
    const perWindow = Math.ceil(MOST_PATCHES / memoryWindows);
    const kept: Float32Array[] = [];
    for (let at = 0; at < memoryWindows; at += ROWS) {
      context.signal.throwIfAborted();
      const image = new Float32Array(ROWS * 3 * side * side);
      for (let k = 0; k < ROWS; k++) {
        const { image: window } = await request.source.good(namedRng(request.seed, `memory/${at + k}`));
        image.set(window, k * window.length);
      }
      const rows = (await runnable.run({ image })).rows as Float32Array;
      const perRow = rows.length / ROWS;
      for (let k = 0; k < Math.min(ROWS, memoryWindows - at); k++) {
        const own = rows.subarray(k * perRow, (k + 1) * perRow);
        kept.push(someRows(own, method.channels, perWindow, request.seed, at + k));
      }
      context.progress(Math.min(at + ROWS, memoryWindows), memoryWindows, 'good windows');
    }
    const all = new Float32Array(kept.reduce((n, rows) => n + rows.length, 0));
    let filled = 0;
    for (const rows of kept) {
      all.set(rows, filled);
      filled += rows.length;
    }
    return all;
  });
}

function someRows(rows: Float32Array, d: number, count: number, seed: number, window: number): Float32Array {
  const n = rows.length / d;
  if (n <= count) return rows.slice();
  const picked = namedRng(seed, `memory/patches/${window}`).permutation(n).slice(0, count);
  const out = new Float32Array(count * d);
  picked.forEach((row, i) => {
    out.set(rows.subarray(row * d, (row + 1) * d), i * d);
  });
  return out;
}

/** Mean and 1/deviation per channel; both applied to the rows in place. */
function standardise(rows: Float32Array, d: number): { mean: Float32Array; gain: Float32Array } {
  const n = rows.length / d;
  const [mean, square] = [new Float64Array(d), new Float64Array(d)];
  for (let i = 0; i < rows.length; i++) {
    mean[i % d] += rows[i] / n;
    square[i % d] += rows[i] ** 2 / n;
  }
  const gain = Float32Array.from(square, (s, c) => 1 / Math.sqrt(Math.max(s - mean[c] ** 2, 0) + 1e-6));
  const centre = Float32Array.from(mean);
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] - centre[i % d]) * gain[i % d];
  return { mean: centre, gain };
}

/** The memory as the scoring program's inputs. */
export async function fitMemory(
  method: MemoryMethod,
  settings: DetectorSettings,
  request: DetectorRequest,
  context: DetectorContext,
): Promise<Record<string, Float32Array>> {
  const patches = await goodPatches(method, settings, request, context);
  const { channels: d } = method;
  const { mean, gain } = standardise(patches, d);
  const chosen = coreset(patches, d, settings.memoryRows, namedRng(request.seed, 'memory/coreset'));
  const rows = new Float32Array(settings.memoryRows * d);
  const squares = new Float32Array(settings.memoryRows);
  for (let i = 0; i < settings.memoryRows; i++) {
    // Fewer patches than rows: the first ones again.
    const at = chosen[i % chosen.length] * d;
    rows.set(patches.subarray(at, at + d), i * d);
    for (let k = 0; k < d; k++) squares[i] += patches[at + k] ** 2;
  }
  return { 'memory.rows': rows, 'memory.squares': squares, 'memory.mean': mean, 'memory.gain': gain };
}
