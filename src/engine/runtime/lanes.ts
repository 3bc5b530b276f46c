// Several copies of a program side by side, each in a thread of its own. Most operators of the CPU provider run
// on one thread, so two half batches in two lanes are faster than one batch on two threads (decision 0014).

import { Worker } from 'node:worker_threads';
import type { ParameterArrays, UpdateNumbers } from '../../core/autodiff/parameter-passes.ts';
import { AppError } from '../../core/base/errors.ts';
import type { Program } from '../../core/graph/graph.ts';
import type { TensorType } from '../../core/graph/op.ts';
import { emitOnnx } from '../../core/onnx/emit.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { isShared, sharedCopy, sharedFloats } from '../../core/tensor/shared.ts';
import { type CompileOptions, compile, type TensorData } from './executable.ts';

export type Feeds = Readonly<Record<string, TensorData>>;
export type Results = Readonly<Record<string, Float32Array>>;
type Types = Readonly<Record<string, TensorType>>;

export interface LaneSetup {
  readonly model: Uint8Array;
  readonly threads: number;
  readonly inputs: Types;
  readonly types: Types;
  readonly outputs: Results;
}
/** A pass of the optimiser over this lane's share of the parameters. */
export type ParameterPass =
  | { readonly pass: 'share'; readonly arrays: readonly ParameterArrays[] }
  | { readonly pass: 'sum' }
  | { readonly pass: 'update'; readonly numbers: UpdateNumbers };

/** Feeds that are other arrays than in the request before. */
export type LaneRequest = { readonly feeds: Feeds } | ParameterPass | 'release';
export type LaneAnswer =
  | { readonly ok: true; readonly squares?: readonly number[] }
  | { readonly ok: false; readonly reason: string };

export interface Lanes {
  readonly count: number;
  readonly inputs: Types;
  readonly outputs: Types;
  readonly nodes: number;
  /** Runs up to `count` feeds at once. The results are views that the next call overwrites. */
  runAll(feeds: readonly Feeds[]): Promise<Results[]>;
  /** One pass of the optimiser per lane, at once, over arrays in shared memory; sums of squares for 'sum'. */
  passes?(all: readonly ParameterPass[]): Promise<(readonly number[])[]>;
  release(): Promise<void>;
}

/** One thread with one session; one request at a time. */
class Lane {
  readonly results: Results;
  readonly #worker: Worker;
  readonly #staged = new Map<string, TensorData>();
  /** Arrays the thread has; it reads what is written into them. */
  readonly #known = new Map<string, TensorData>();
  #settle: ((answer: LaneAnswer) => void) | null = null;
  #ended = false;

  constructor(setup: Omit<LaneSetup, 'outputs'>) {
    this.results = Object.fromEntries(
      Object.entries(setup.types).map(([name, { shape }]) => [name, sharedFloats(sizeOf(shape))]),
    );
    const workerData: LaneSetup = { ...setup, outputs: this.results };
    this.#worker = new Worker(new URL('./lane-worker.ts', import.meta.url), { workerData });
    this.#worker.on('message', (answer: LaneAnswer) => this.#answered(answer));
    this.#worker.on('error', (cause) => this.#answered({ ok: false, reason: cause.message }));
    this.#worker.on('exit', () => {
      this.#ended = true;
      this.#answered({ ok: false, reason: 'its thread ended' });
    });
  }

  #answered(answer: LaneAnswer): void {
    this.#worker.unref();
    this.#settle?.(answer);
    this.#settle = null;
  }

  async answer(request?: LaneRequest): Promise<readonly number[]> {
    if (this.#ended) throw new AppError('runtime', 'The compute runtime failed: its thread ended');
    this.#worker.ref();
    const answer = await new Promise<LaneAnswer>((resolve) => {
      this.#settle = resolve;
      if (request) this.#worker.postMessage(request);
    });
    if (!answer.ok) throw new AppError('runtime', `The compute runtime failed: ${answer.reason}`);
    return answer.squares ?? [];
  }

  /** Arrays outside shared memory are copied into this lane's own place for them. */
  async run(feeds: Feeds): Promise<Results> {
    const shared = Object.entries(feeds).map(([name, data]) => [name, this.#stage(name, data)] as const);
    const other = shared.filter(([name, data]) => this.#known.get(name) !== data);
    for (const [name, data] of other) this.#known.set(name, data);
    try {
      await this.answer({ feeds: Object.fromEntries(other) });
    } catch (error) {
      this.#known.clear();
      throw error;
    }
    return this.results;
  }

  #stage(name: string, data: TensorData): TensorData {
    if (isShared(data)) return data;
    const place = this.#staged.get(name);
    if (place?.length !== data.length) {
      const copy = sharedCopy(data);
      this.#staged.set(name, copy);
      return copy;
    }
    place.set(data);
    return place;
  }

  /** Does not fail: a lane whose thread is gone has nothing left to release. */
  async release(): Promise<void> {
    await this.answer('release').catch(() => []);
    await this.#worker.terminate();
  }
}

/** All results, or the first failure, but not before every one of them has come to an end. */
async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  return ended.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function only(feeds: Feeds, inputs: Types): Feeds {
  return Object.fromEntries(Object.keys(inputs).flatMap((n) => (feeds[n] ? [[n, feeds[n]]] : [])));
}

/** `count` lanes that share the threads among them; one lane is a session in this thread. */
export async function compileLanes(program: Program, count: number, options: CompileOptions): Promise<Lanes> {
  if (count === 1) {
    const executable = await compile(program, options);
    const { inputs, outputs, nodes } = executable;
    const runAll = async (feeds: readonly Feeds[]) => [(await executable.run(feeds[0])) as Results];
    return { count, inputs, outputs, nodes, runAll, release: () => executable.release() };
  }
  const { bytes, inputs, outputs, nodes } = emitOnnx(program, {
    choice: options.choice,
    fixed: options.fixed,
  });
  const model = new Uint8Array(new SharedArrayBuffer(bytes.length));
  model.set(bytes);
  const threads = Math.max(1, Math.floor(options.threads / count));
  const lanes = Array.from({ length: count }, () => new Lane({ model, threads, inputs, types: outputs }));
  const release = async () => {
    await Promise.all(lanes.map((lane) => lane.release()));
  };
  try {
    await allEnded(lanes.map((lane) => lane.answer()));
  } catch (error) {
    await release();
    throw error;
  }
  return {
    count,
    inputs,
    outputs,
    nodes,
    runAll: (feeds) => allEnded(feeds.map((f, i) => lanes[i].run(only(f, inputs)))),
    passes: (all) => allEnded(all.map((pass, i) => lanes[i].answer(pass))),
    release,
  };
}
