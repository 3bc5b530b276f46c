// The WebGPU provider as the worker process uses it: sessions and tensors by number, every rule of the binding kept.
//
// Never `getData()` on a resident tensor (it ends the process): downloads run an identity session. Every handle is
// disposed by whoever asked for it; nothing is collected. The transfer sessions stay open for the life of the
// process: disposing a tensor after the last session has gone ends the process.

import { identityModel } from '../../core/onnx/identity-model.ts';
import { ort } from './ort.ts';
import type { GpuCalls, GpuData, GpuDType, GpuHandle, GpuTensor } from './webgpu-protocol.ts';

type Answer<K extends keyof GpuCalls> = GpuCalls[K]['answer'];
type Ask<K extends keyof GpuCalls> = GpuCalls[K]['ask'];

const SESSION = {
  executionProviders: ['webgpu'],
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
  /** A node without a GPU kernel is refused instead of run on the CPU. */
  extra: { session: { disable_cpu_ep_fallback: '1' } },
} as const;

function createSession(
  model: Uint8Array,
  output: ort.InferenceSession.SessionOptions['preferredOutputLocation'],
): Promise<ort.InferenceSession> {
  const options = output === undefined ? SESSION : { ...SESSION, preferredOutputLocation: output };
  return ort.InferenceSession.create(model, options);
}

const tensorOf = ({ dtype, dims, data }: GpuTensor): ort.Tensor =>
  dtype === 'float32'
    ? new ort.Tensor('float32', data as Float32Array, dims)
    : new ort.Tensor('int32', data as Int32Array, dims);

export class WebgpuDevice {
  readonly #sessions = new Map<number, { session: ort.InferenceSession; resident: ReadonlySet<string> }>();
  readonly #tensors = new Map<GpuHandle, ort.Tensor>();
  readonly #transfers = new Map<string, Promise<ort.InferenceSession>>();
  #next = 1;

  #transfer(direction: 'up' | 'down', dtype: GpuDType): Promise<ort.InferenceSession> {
    const key = `${direction} ${dtype}`;
    const known = this.#transfers.get(key);
    if (known) return known;
    const made = createSession(identityModel(dtype), direction === 'up' ? 'gpu-buffer' : undefined);
    this.#transfers.set(key, made);
    return made;
  }

  #keep(tensor: ort.Tensor): GpuHandle {
    this.#tensors.set(this.#next, tensor);
    return this.#next++;
  }

  #tensor(handle: GpuHandle): ort.Tensor {
    const tensor = this.#tensors.get(handle);
    if (!tensor) throw new Error(`internal: there is no tensor ${handle} on the device`);
    return tensor;
  }

  async create({ model, outputs }: Ask<'create'>): Promise<Answer<'create'>> {
    await this.#transfer('up', 'float32');
    const resident = new Set(Object.keys(outputs).filter((name) => outputs[name] === 'resident'));
    const places = Object.keys(outputs).map(
      (name) => [name, resident.has(name) ? 'gpu-buffer' : 'cpu'] as const,
    );
    const session = await createSession(model, resident.size > 0 ? Object.fromEntries(places) : undefined);
    this.#sessions.set(this.#next, { session, resident });
    return this.#next++;
  }

  async upload({ tensor }: Ask<'upload'>): Promise<Answer<'upload'>> {
    const session = await this.#transfer('up', tensor.dtype);
    const { y } = await session.run({ x: tensorOf(tensor) });
    return this.#keep(y);
  }

  async download({ handle }: Ask<'download'>): Promise<Answer<'download'>> {
    const tensor = this.#tensor(handle);
    const session = await this.#transfer('down', tensor.type as GpuDType);
    const { y } = await session.run({ x: tensor });
    return y.data as GpuData;
  }

  async run({ session, feeds }: Ask<'run'>): Promise<Answer<'run'>> {
    const known = this.#sessions.get(session);
    if (!known) throw new Error(`internal: there is no session ${session} on the device`);
    const tensors = Object.entries(feeds).map(([name, feed]) => [
      name,
      typeof feed === 'number' ? this.#tensor(feed) : tensorOf(feed),
    ]);
    const results = await known.session.run(Object.fromEntries(tensors));
    const answer: Answer<'run'> = { values: {}, handles: {} };
    for (const [name, tensor] of Object.entries(results)) {
      if (known.resident.has(name)) answer.handles[name] = this.#keep(tensor);
      else answer.values[name] = tensor.data as GpuData;
    }
    return answer;
  }

  async dispose({ handles }: Ask<'dispose'>): Promise<null> {
    for (const handle of handles) {
      this.#tensors.get(handle)?.dispose();
      this.#tensors.delete(handle);
    }
    return null;
  }

  async release({ session }: Ask<'release'>): Promise<null> {
    const known = this.#sessions.get(session);
    this.#sessions.delete(session);
    await known?.session.release();
    return null;
  }
}
