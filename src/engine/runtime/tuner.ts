// Times the candidate lowerings of a program's heavy ops on this PC, once, and checks that they agree.

import { namedRng } from '../../core/base/rng.ts';
import { Builder } from '../../core/graph/builder.ts';
import { flopsOf } from '../../core/graph/flops.ts';
import type { Program } from '../../core/graph/graph.ts';
import { copyNode } from '../../core/graph/passes/rewrite.ts';
import type { Value } from '../../core/graph/value.ts';
import { candidatesOf, emitOnnx } from '../../core/onnx/emit.ts';
import { nodesWithChoice } from '../../core/onnx/lowering-key.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { createSession } from './executable.ts';
import { ort } from './ort.ts';

/** Ops whose ranking differs by more than a few per cent, and that share no nodes with others as silu does. */
const TUNED_OPS = new Set(['conv2d', 'convInputGrad', 'convWeightGrad', 'matmul']);
/** Smaller ones are not worth a measurement. */
const LEAST_FLOPS = 5e6;
const RUNS = 4;
/** Another lowering must be this much faster than the first to be taken: noise decides nothing. */
const CLEARLY = 0.95;
/** Largest difference between candidates, relative to the largest result. */
const AGREEMENT = 1e-4;

export interface TunedLowerings {
  /** Chosen lowering by key, where it is not the first. */
  readonly choices: Readonly<Record<string, string>>;
  /** Candidates that gave other numbers and were left out, as sentences. */
  readonly disagreements: readonly string[];
  readonly measured: number;
}

interface Timed {
  readonly milliseconds: number;
  readonly result: Float32Array;
}

/** Best of some runs of one op in one lowering, on one thread; results go to memory that is there already. */
async function time(node: Value, lowering: string): Promise<Timed> {
  const b = new Builder();
  const inputs = node.inputs.map((v, i) => b.input(`x${i}`, v.shape, v.dtype));
  const program = { outputs: { y: copyNode(b, node, inputs) } };
  const model = emitOnnx(program, { choice: { choose: (_n, names) => pick(names, lowering) } });
  const session = await createSession(model.bytes, 1);
  const feeds = Object.fromEntries(
    node.inputs.map((v, i) => {
      const data = namedRng(i, 'tuner').fillNormal(new Float32Array(sizeOf(v.shape)));
      return [`x${i}`, new ort.Tensor('float32', data, v.shape)];
    }),
  );
  const result = new Float32Array(sizeOf(node.shape));
  const fetches = { y: new ort.Tensor('float32', result, node.shape) };
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    await session.run(feeds, fetches);
    if (run > 0) milliseconds = Math.min(milliseconds, performance.now() - start);
  }
  await session.release();
  return { milliseconds, result };
}

const pick = (names: readonly string[], wanted: string) => (names.includes(wanted) ? wanted : names[0]);

function difference(a: Float32Array, b: Float32Array): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(a[i]));
  }
  return largest > 0 ? most / largest : most;
}

export async function tune(
  programs: readonly Program[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<TunedLowerings> {
  const nodes = [...nodesWithChoice(programs, TUNED_OPS)].filter(([, node]) => flopsOf(node) >= LEAST_FLOPS);
  const choices: Record<string, string> = {};
  const disagreements: string[] = [];
  for (const [done, [key, node]] of nodes.entries()) {
    signal.throwIfAborted();
    onProgress(done, nodes.length);
    const [first, ...others] = candidatesOf(node).map((c) => c.name);
    const reference = await time(node, first);
    let best = { name: first, milliseconds: reference.milliseconds * CLEARLY };
    for (const name of others) {
      const timed = await time(node, name);
      const off = difference(reference.result, timed.result);
      if (!(off <= AGREEMENT)) disagreements.push(`${key}: ${name} differs from ${first} by ${off}`);
      else if (timed.milliseconds < best.milliseconds) best = { name, milliseconds: timed.milliseconds };
    }
    if (best.name !== first) choices[key] = best.name;
  }
  onProgress(nodes.length, nodes.length);
  return { choices, disagreements, measured: nodes.length };
}
