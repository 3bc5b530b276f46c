// A program compiled on the graphics card, with tensors that stay there between runs.

import { AppError, invariant } from '../../core/base/errors.ts';
import type { Program } from '../../core/graph/graph.ts';
import type { TensorType } from '../../core/graph/op.ts';
import { emitOnnx } from '../../core/onnx/emit.ts';
import { tooLargeForWebgpu, WEBGPU_LOWERING } from '../../core/onnx/webgpu-lowering.ts';
import { shapeText, sizeOf } from '../../core/tensor/shape.ts';
import type { GpuProcess } from './webgpu-process.ts';
import type { GpuData, GpuHandle, GpuTensor } from './webgpu-protocol.ts';

/** What an input is given: numbers that travel, or a tensor that is there already. */
export type GpuFeed = GpuData | GpuHandle;

export interface GpuResults {
  readonly values: Readonly<Record<string, GpuData>>;
  /** Owned by the caller, who disposes them. */
  readonly handles: Readonly<Record<string, GpuHandle>>;
}

function travelling(name: string, type: TensorType, data: GpuData): GpuTensor {
  const dtype = data instanceof Float32Array ? 'float32' : 'int32';
  invariant(
    data.length === sizeOf(type.shape) && dtype === type.dtype,
    `input ${name} wants ${type.dtype}${shapeText(type.shape)}, got ${data.length} ${dtype}`,
  );
  return { dtype, dims: type.shape, data };
}

export class GpuProgram {
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly nodes: number;
  readonly #process: GpuProcess;
  readonly #session: number;

  private constructor(
    process: GpuProcess,
    session: number,
    model: { inputs: Record<string, TensorType>; outputs: Record<string, TensorType>; nodes: number },
  ) {
    this.#process = process;
    this.#session = session;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.nodes = model.nodes;
  }

  /** `resident` says which outputs stay on the card. Every node runs there, or this throws (AppError `runtime`). */
  static async create(
    process: GpuProcess,
    program: Program,
    resident: (output: string) => boolean = () => false,
  ): Promise<GpuProgram> {
    const large = tooLargeForWebgpu(program);
    if (large) {
      throw new AppError(
        'unsupported',
        `this network is too large for the graphics card: ${large.op} over ${shapeText(large.shape)} numbers`,
        { hint: 'Use --device cpu.' },
      );
    }
    const { bytes, inputs, outputs, nodes } = emitOnnx(program, { choice: WEBGPU_LOWERING });
    const places = Object.keys(outputs).map((name) => [name, resident(name) ? 'resident' : 'host'] as const);
    const ask = { model: bytes, outputs: Object.fromEntries(places) };
    return new GpuProgram(process, await process.call('create', ask), { inputs, outputs, nodes });
  }

  async run(feeds: Readonly<Record<string, GpuFeed | undefined>>): Promise<GpuResults> {
    const asked: Record<string, GpuTensor | GpuHandle> = {};
    for (const [name, type] of Object.entries(this.inputs)) {
      const feed = feeds[name];
      invariant(feed !== undefined, `input ${name} is missing`);
      asked[name] = typeof feed === 'number' ? feed : travelling(name, type, feed);
    }
    return this.#process.call('run', { session: this.#session, feeds: asked });
  }

  async release(): Promise<void> {
    await this.#process.call('release', { session: this.#session });
  }
}
