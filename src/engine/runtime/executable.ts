// A program compiled for the device: the only place that creates and runs ONNX Runtime sessions.

import * as ort from 'onnxruntime-node';
import { AppError, invariant } from '../../core/base/errors.ts';
import type { Program } from '../../core/graph/graph.ts';
import type { TensorType } from '../../core/graph/op.ts';
import { emitOnnx, type LoweringChoice } from '../../core/onnx/emit.ts';
import { sizeOf } from '../../core/tensor/shape.ts';

export const RUNTIME_VERSION = `onnxruntime-node ${ort.env.versions.node ?? 'unknown'}`;

export type TensorData = Float32Array | Int32Array;

export interface CompileOptions {
  readonly threads: number;
  readonly choice?: LoweringChoice;
  /** Where the program runs; the WebGPU provider gets its own resident-state executable behind this seam. */
  readonly device?: 'cpu';
}

/** Feeds in, results out, all in host memory; one run at a time (see webgpu.md: one thread per process). */
export interface Executable {
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly nodes: number;
  /** Feeds every input; returns every output as a new array. */
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

function feedTensor(name: string, type: TensorType, data: TensorData | undefined): ort.Tensor {
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

  constructor(session: ort.InferenceSession, model: Pick<Executable, 'inputs' | 'outputs' | 'nodes'>) {
    this.#session = session;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.nodes = model.nodes;
  }

  async run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    const tensors: Record<string, ort.Tensor> = {};
    for (const [name, type] of Object.entries(this.inputs))
      tensors[name] = feedTensor(name, type, feeds[name]);
    const results = await this.#session.run(tensors);
    return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data as TensorData]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Compiles a program. Throws AppError 'runtime' with ONNX Runtime's own reason. */
export async function compile(program: Program, options: CompileOptions): Promise<Executable> {
  const model = emitOnnx(program, { choice: options.choice });
  try {
    const session = await ort.InferenceSession.create(model.bytes, {
      ...SESSION,
      intraOpNumThreads: options.threads,
      extra: { session: { intra_op: { allow_spinning: options.threads > 1 ? '1' : '0' } } },
    });
    return new CpuExecutable(session, model);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('runtime', `The compute runtime refused a network: ${reason}`, {}, cause);
  }
}
