// What is said between the engine and the one process that touches WebGPU.

export type GpuDType = 'float32' | 'int32';
export type GpuData = Float32Array | Int32Array;

/** A tensor that travels. */
export interface GpuTensor {
  readonly dtype: GpuDType;
  readonly dims: readonly number[];
  readonly data: GpuData;
}

/** A tensor that stays on the device is known by a number. */
export type GpuHandle = number;

export type GpuOutput = 'resident' | 'host';

export interface GpuCalls {
  /** Which driver the process has opened. */
  describe: { ask: Record<string, never>; answer: GpuDriver };
  /** Compiles a model; says of each output whether it stays on the device. */
  create: { ask: { model: Uint8Array; outputs: Readonly<Record<string, GpuOutput>> }; answer: number };
  upload: { ask: { tensor: GpuTensor }; answer: GpuHandle };
  run: {
    ask: { session: number; feeds: Readonly<Record<string, GpuTensor | GpuHandle>> };
    answer: { values: Record<string, GpuData>; handles: Record<string, GpuHandle> };
  };
  download: { ask: { handle: GpuHandle }; answer: GpuData };
  dispose: { ask: { handles: readonly GpuHandle[] }; answer: null };
  release: { ask: { session: number }; answer: null };
}

export type GpuCall = keyof GpuCalls;

export interface GpuDriver {
  /** false where the device is emulated on the CPU; null where that cannot be told from inside the process. */
  readonly hardware: boolean | null;
  /** Driver as far as the process knows it, for messages. */
  readonly name: string | null;
}

export type GpuRequest = {
  [K in GpuCall]: { readonly id: number; readonly call: K; readonly ask: GpuCalls[K]['ask'] };
}[GpuCall];

export type GpuReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
