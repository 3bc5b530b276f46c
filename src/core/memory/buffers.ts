// Which tensors share a buffer and when each buffer is taken and given back, as ONNX Runtime's planner decides.

import { bytesOf } from './onnx-shapes.ts';
import { executionOrder } from './schedule.ts';
import type { Tape, TapeNode } from './tape.ts';
import { workspaceBytes } from './workspace.ts';

/** What a run does to memory, in order: `bytes` of buffer `id` are taken (positive) or given back (negative). */
export interface BufferEvent {
  readonly id: number;
  readonly bytes: number;
}

export interface BufferPlan {
  readonly events: readonly BufferEvent[];
  /** Bytes of results, alive at the end of the run. */
  readonly outputBytes: number;
}

/** Results that are views of their first input. */
const VIEWS = new Set(['Reshape', 'Identity']);
/** Nodes that may write over an input of the same size that nobody needs any more. */
const IN_PLACE = new Set(
  ['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Abs', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Sin', 'Cos'].concat([
    'Sigmoid',
    'Tanh',
    'Relu',
    'Softplus',
    'Sum',
    'Max',
    'Min',
  ]),
);

/** From the step that takes a buffer to the last step that reads it. */
interface Life {
  readonly from: number;
  to: number;
}

class Planner {
  /** By buffer; a buffer is named after the tensor it was taken for. */
  readonly lives = new Map<number, Life>();
  readonly #tape: Tape;
  readonly #buffer: Int32Array;
  readonly #uses: Int32Array;
  /** Fed tensors and constants: never written over, never given back. */
  readonly #pinned: ReadonlySet<number>;
  readonly #returned: ReadonlySet<number>;
  /** Dead buffers by element size and shape, the last to die at the end. */
  readonly #free = new Map<string, number[]>();

  constructor(tape: Tape) {
    this.#tape = tape;
    this.#buffer = new Int32Array(tape.tensors.length).fill(-1);
    this.#uses = new Int32Array(tape.tensors.length);
    this.#pinned = new Set([...tape.inputs, ...tape.initializers]);
    this.#returned = new Set(tape.outputs);
    for (const t of this.#pinned) this.#buffer[t] = t;
    for (const node of tape.nodes) for (const t of node.inputs) if (t >= 0) this.#uses[t]++;
    for (const t of tape.outputs) this.#uses[t]++;
  }

  run(node: TapeNode, step: number): void {
    node.outputs.forEach((t, i) => {
      const shared = this.#shared(node, t, i);
      if (shared === undefined) {
        this.#buffer[t] = t;
        this.lives.set(t, { from: step, to: step });
      } else this.#share(shared, t);
    });
    for (const t of node.inputs) if (t >= 0) this.#release(t, step);
    // What nobody reads is dead at once.
    for (const t of node.outputs) {
      if (this.#uses[t] > 0 || this.#buffer[t] !== t) continue;
      this.#uses[t] = 1;
      this.#release(t, step);
    }
  }

  /** Buffers that hold results when the run ends. */
  get kept(): Set<number> {
    return new Set(this.#tape.outputs.map((t) => this.#buffer[t]));
  }

  /** A tensor whose buffer the result `t` takes over: an input, or a dead one of exactly its shape. */
  #shared(node: TapeNode, t: number, i: number): number | undefined {
    if (i === 0 && VIEWS.has(node.opType)) return node.inputs[0];
    if (this.#returned.has(t)) return undefined;
    const key = this.#key(t);
    if (IN_PLACE.has(node.opType)) {
      const over = node.inputs.find((x) => x >= 0 && this.#lastUse(x) && this.#key(x) === key);
      if (over !== undefined) return over;
    }
    return this.#tape.tensors[t].shape.length === 0 ? undefined : this.#free.get(key)?.pop();
  }

  #lastUse(t: number): boolean {
    const original = this.#buffer[t];
    return !this.#pinned.has(original) && this.#uses[original] === 1;
  }

  #share(from: number, to: number): void {
    const original = this.#buffer[from];
    this.#buffer[to] = original;
    this.#uses[original] += this.#uses[to];
  }

  #release(t: number, step: number): void {
    const original = this.#buffer[t];
    const life = this.lives.get(original);
    if (life) life.to = step;
    if (--this.#uses[original] > 0 || this.#pinned.has(original)) return;
    const key = this.#key(original);
    const list = this.#free.get(key);
    if (list) list.push(original);
    else this.#free.set(key, [original]);
  }

  #key(t: number): string {
    const { dtype, shape } = this.#tape.tensors[t];
    return `${bytesOf({ dtype, shape: [] })} ${shape.join('x')}`;
  }
}

/**
 * A dead buffer is taken again by the next result of exactly its shape, and so lives on until that one is
 * dead too, however long the gap; only buffers nobody takes again are given back.
 */
export function planBuffers(tape: Tape): BufferPlan {
  const { tensors, nodes } = tape;
  const order = executionOrder(tape);
  const planner = new Planner(tape);
  for (const [step, n] of order.entries()) planner.run(nodes[n], step);
  const { lives, kept } = planner;
  const taken: number[][] = order.map(() => []);
  const given: number[][] = order.map(() => []);
  for (const [id, { from, to }] of lives) {
    taken[from].push(id);
    if (!kept.has(id)) given[to].push(id);
  }
  const events = order.flatMap((n, step): BufferEvent[] => {
    const node = nodes[n];
    const inputs = node.inputs.map((t) => (t < 0 ? null : tensors[t]));
    const scratch = { id: -1 - step, bytes: workspaceBytes(node.opType, inputs, tensors[node.outputs[0]]) };
    return [
      ...taken[step].map((id) => ({ id, bytes: bytesOf(tensors[id]) })),
      ...(scratch.bytes > 0 ? [scratch, { ...scratch, bytes: -scratch.bytes }] : []),
      ...given[step].map((id) => ({ id, bytes: -bytesOf(tensors[id]) })),
    ];
  });
  return { events, outputBytes: tape.outputs.reduce((n, t) => n + bytesOf(tensors[t]), 0) };
}

/** Most bytes taken at once. */
export function peakOf(events: readonly BufferEvent[]): number {
  let now = 0;
  let most = 0;
  for (const { bytes } of events) {
    now += bytes;
    most = Math.max(most, now);
  }
  return most;
}
