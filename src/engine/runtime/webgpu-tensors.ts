// Named tensors on the graphics card: uploaded once, replaced, downloaded, and disposed, since nothing is collected.

import type { TensorType } from '../../core/graph/op.ts';
import type { GpuProcess } from './webgpu-process.ts';
import type { GpuData, GpuHandle } from './webgpu-protocol.ts';

export class GpuTensors {
  readonly #process: GpuProcess;
  readonly #handles = new Map<string, GpuHandle>();

  constructor(process: GpuProcess) {
    this.#process = process;
  }

  /** Handles by name, as feeds. */
  get feeds(): Record<string, GpuHandle> {
    return Object.fromEntries(this.#handles);
  }

  has(name: string): boolean {
    return this.#handles.has(name);
  }

  async upload(name: string, { dtype, shape }: TensorType, data: GpuData): Promise<void> {
    const tensor = { dtype: dtype === 'int32' ? dtype : ('float32' as const), dims: shape, data };
    await this.replace({ [name]: await this.#process.call('upload', { tensor }) });
  }

  /** Takes over handles; those of the same names before are disposed. */
  async replace(handles: Readonly<Record<string, GpuHandle>>): Promise<void> {
    const old = Object.keys(handles).flatMap((name) => this.#handles.get(name) ?? []);
    for (const [name, handle] of Object.entries(handles)) this.#handles.set(name, handle);
    if (old.length > 0) await this.#process.call('dispose', { handles: old });
  }

  async download(name: string): Promise<GpuData> {
    return this.#process.call('download', { handle: this.#handles.get(name) as GpuHandle });
  }

  async clear(): Promise<void> {
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    if (handles.length > 0) await this.#process.call('dispose', { handles });
  }
}
