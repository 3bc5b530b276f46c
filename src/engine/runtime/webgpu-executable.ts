// The Executable of the graphics card: what is held stays there, feeds and results travel.

import type { Program } from '../../core/graph/graph.ts';
import type { TensorType } from '../../core/graph/op.ts';
import type { Executable, TensorData } from './executable.ts';
import type { GpuProcess } from './webgpu-process.ts';
import { GpuProgram } from './webgpu-program.ts';
import { GpuTensors } from './webgpu-tensors.ts';

export class GpuExecutable implements Executable {
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly nodes: number;
  readonly #program: GpuProgram;
  readonly #held: GpuTensors;

  private constructor(program: GpuProgram, held: GpuTensors) {
    this.#program = program;
    this.#held = held;
    this.inputs = program.inputs;
    this.outputs = program.outputs;
    this.nodes = program.nodes;
  }

  static async create(program: Program, process: GpuProcess): Promise<GpuExecutable> {
    return new GpuExecutable(await GpuProgram.create(process, program), new GpuTensors(process));
  }

  async hold(feeds: Readonly<Record<string, TensorData>>): Promise<void> {
    for (const [name, data] of Object.entries(feeds)) {
      const type = this.inputs[name];
      if (type) await this.#held.upload(name, type, data);
    }
  }

  async run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    return (await this.#program.run({ ...this.#held.feeds, ...feeds })).values;
  }

  async release(): Promise<void> {
    await this.#held.clear();
    await this.#program.release();
  }
}
