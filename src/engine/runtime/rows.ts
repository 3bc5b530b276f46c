// An executable for batches whose rows do not depend on each other: every lane takes an equal share of the rows.

import { invariant } from '../../core/base/errors.ts';
import type { Program } from '../../core/graph/graph.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type CompileOptions, compile, type Executable, type TensorData } from './executable.ts';
import { compileLanes, type Feeds, type Lanes, type Results } from './lanes.ts';

export type Runnable = Pick<Executable, 'hold' | 'run' | 'release'>;

/** The most weights that become part of a model: every lane has a copy of its model. */
const MOST_FIXED_BYTES = 128 * 2 ** 20;

/** The largest number of equal parts of `rows` that `threads` lanes can work on at once. */
export function laneCount(rows: number, threads: number): number {
  for (let lanes = Math.min(rows, threads); lanes > 1; lanes--) if (rows % lanes === 0) return lanes;
  return 1;
}

function share(lanes: Lanes, feeds: Feeds, lane: number): Feeds {
  const entries = Object.entries(lanes.inputs).map(([name, { shape }]): [string, TensorData] => {
    const data = feeds[name];
    const size = sizeOf(shape);
    if (data?.length === size) return [name, data];
    invariant(
      data?.length === size * lanes.count,
      `input ${name}: ${data?.length} numbers for rows of ${size}`,
    );
    return [name, data.subarray(lane * size, (lane + 1) * size)];
  });
  return Object.fromEntries(entries);
}

function joined(parts: readonly Results[]): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.keys(parts[0]).map((name) => {
      const size = parts[0][name].length;
      const all = new Float32Array(size * parts.length);
      parts.forEach((p, i) => {
        all.set(p[name], i * size);
      });
      return [name, all];
    }),
  );
}

/**
 * Compiles `program(rows of one lane)`. Fed with `rows` rows: an input of a lane's size goes to every lane
 * (weights), one of the whole batch's size is divided. Results hold all rows.
 */
export async function compileRows(
  rows: number,
  program: (rows: number) => Program,
  options: CompileOptions,
): Promise<Runnable> {
  if (options.gpu) return compile(program(rows), options);
  const count = laneCount(rows, options.lanes ?? options.threads);
  const lanes = await compileLanes(program(rows / count), count, options);
  let held: Feeds = {};
  return {
    hold: async (feeds) => {
      held = { ...held, ...feeds };
    },
    run: async (feeds) => {
      const all = { ...held, ...feeds };
      const shares = Array.from({ length: count }, (_, lane) => share(lanes, all, lane));
      return joined(await lanes.runAll(shares));
    },
    release: () => lanes.release(),
  };
}

/**
 * As `compileRows`, with weights that stay. ONNX Runtime lays out weights it knows for its kernels (measured on the
 * pack's networks: a tenth faster); a graphics card and large networks hold them beside the model.
 */
export async function compileWith(
  weights: Feeds,
  rows: number,
  program: (rows: number) => Program,
  options: CompileOptions,
): Promise<Runnable> {
  const bytes = Object.values(weights).reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (!options.gpu && bytes <= MOST_FIXED_BYTES)
    return compileRows(rows, program, { ...options, fixed: weights });
  const runnable = await compileRows(rows, program, options);
  await runnable.hold(weights);
  return runnable;
}
