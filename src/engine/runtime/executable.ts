// A program compiled for the device: the only place that creates and runs ONNX Runtime sessions.

import { AppError, invariant } from '../../core/base/errors.ts';
import type { Program } from '../../core/graph/graph.ts';
import type { TensorType } from '../../core/graph/op.ts';
import { emitOnnx, type LoweringChoice } from '../../core/onnx/emit.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { ort } from './ort.ts';
import { GpuExecutable } from './webgpu-executable.ts';
import type { GpuProcess } from './webgpu-process.ts';

export const RUNTIME_VERSION = `onnxruntime-node ${ort.env.versions.node ?? 'unknown'}`;

export type TensorData = Float32Array | Int32Array;

export interface CompileOptions {
  readonly threads: number;
  /** The most lanes that rows are divided over; as many as threads where not said. */
  readonly lanes?: number;
  readonly choice?: LoweringChoice;
  /** Values of inputs that never change, by name: part of the model. */
  readonly fixed?: Readonly<Record<string, TensorData>>;
  /** The graphics card to run on instead of the CPU; it has lowerings of its own. */
  readonly gpu?: GpuProcess;
}

/** Feeds in, results out, all in host memory; one run at a time. */
export interface Executable {
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly nodes: number;
  /** Inputs that stay the same over many runs (weights); they need not be fed again. A later `hold` replaces them. */
  hold(feeds: Readonly<Record<string, TensorData>>): Promise<void>;
  /** Feeds every input that is not held; returns every output as a new array. */
  run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  release(): Promise<void>;
}

const SESSION = {
  executionProviders: ['cpu'],
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  interOpNumThreads: 1,
  enableCpuMemArena: true,
  // Off: planning the second run's memory in one block beside the first run's doubles the peak (1670 -> 940 MB).
  enableMemPattern: false,
  logSeverityLevel: 3,
} as const;

/** A tensor over `data` itself. */
export function feedTensor(name: string, type: TensorType, data: TensorData | undefined): ort.Tensor {
  invariant(
    data && data.length === sizeOf(type.shape),
    `input ${name} wants ${sizeOf(type.shape)} numbers, got ${data?.length}`,
  );
  invariant((type.dtype === 'float32') === data instanceof Float32Array, `input ${name} is ${type.dtype}`);
  return data instanceof Float32Array
    ? new ort.Tensor('float32', data, type.shape)
    : new ort.Tensor('int32', data, type.shape);
}

class CpuExecutable implements Executable {
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly nodes: number;
  readonly #session: ort.InferenceSession;
  #held: Readonly<Record<string, TensorData>> = {};
  /** Views of the arrays fed last: weights are the same ones in every run. */
  readonly #tensors: Record<string, ort.Tensor> = {};

  constructor(session: ort.InferenceSession, model: Pick<Executable, 'inputs' | 'outputs' | 'nodes'>) {
    this.#session = session;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.nodes = model.nodes;
  }

  async hold(feeds: Readonly<Record<string, TensorData>>): Promise<void> {
    this.#held = { ...this.#held, ...feeds };
  }

  async run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    for (const [name, type] of Object.entries(this.inputs)) {
      const data = feeds[name] ?? this.#held[name];
      if (this.#tensors[name]?.data !== data) this.#tensors[name] = feedTensor(name, type, data);
    }
    const results = await this.#session.run(this.#tensors);
    return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data as TensorData]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** A session of the CPU provider. Throws AppError 'runtime' with ONNX Runtime's own reason. */
export async function createSession(model: Uint8Array, threads: number): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      ...SESSION,
      intraOpNumThreads: threads,
      extra: { session: { intra_op: { allow_spinning: threads > 1 ? '1' : '0' } } },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('runtime', `The compute runtime refused a network: ${reason}`, {}, cause);
  }
}

/** A finished ONNX model with the given inputs and outputs. */
export async function openModel(
  bytes: Uint8Array,
  threads: number,
  types: Pick<Executable, 'inputs' | 'outputs'>,
): Promise<Executable> {
  return new CpuExecutable(await createSession(bytes, threads), { ...types, nodes: 0 });
}

/** Compiles a program. Throws AppError 'runtime' with ONNX Runtime's own reason. */
export async function compile(program: Program, options: CompileOptions): Promise<Executable> {
  if (options.gpu) return GpuExecutable.create(program, options.gpu);
  const model = emitOnnx(program, { choice: options.choice, fixed: options.fixed });
  return new CpuExecutable(await createSession(model.bytes, options.threads), model);
}
