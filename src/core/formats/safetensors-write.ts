// Writing safetensors: the same tensors and metadata always give the same bytes.

import { invariant } from '../base/errors.ts';
import { floatToHalf } from '../tensor/half.ts';
import { DTYPE_BYTES, type Dtype } from './safetensors.ts';

/** What can be written. F16 is narrowed from floats, round to nearest even. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: Extract<Dtype, 'F64' | 'F32' | 'F16' | 'I64' | 'I32' | 'U8'>;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
}

function encode(tensor: TensorToWrite): Uint8Array {
  const { data, dtype, name } = tensor;
  const asBytes = (array: ArrayBufferView) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (data instanceof Float32Array || data instanceof Float64Array) {
    if (dtype === 'F16') return asBytes(floatToHalf(data));
    if (dtype === 'F32') return asBytes(data instanceof Float32Array ? data : Float32Array.from(data));
    if (dtype === 'F64') return asBytes(data instanceof Float64Array ? data : Float64Array.from(data));
  } else if (
    (dtype === 'I32' && data instanceof Int32Array) ||
    (dtype === 'I64' && data instanceof BigInt64Array) ||
    (dtype === 'U8' && data instanceof Uint8Array)
  ) {
    return asBytes(data);
  }
  throw new Error(`internal: tensor ${name}: ${data.constructor.name} cannot be written as ${dtype}`);
}

/** Widest elements first (keeps every tensor aligned), then by name in code point order. */
function inFileOrder(tensors: readonly TensorToWrite[]): TensorToWrite[] {
  return tensors.toSorted(
    (a, b) => DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

function header(ordered: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const parts: string[] = [];
  const keys = Object.keys(metadata).toSorted();
  if (keys.length > 0) {
    parts.push(
      `"__metadata__":{${keys.map((k) => `${JSON.stringify(k)}:${JSON.stringify(metadata[k])}`).join(',')}}`,
    );
  }
  let offset = 0;
  for (const { name, dtype, shape, data } of ordered) {
    const elements = shape.reduce((product, size) => product * size, 1);
    invariant(
      elements === data.length,
      `tensor ${name}: shape [${shape}] does not hold ${data.length} elements`,
    );
    invariant(name !== '__metadata__', 'a tensor may not be called __metadata__');
    const end = offset + elements * DTYPE_BYTES[dtype];
    parts.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${offset},${end}]}`,
    );
    offset = end;
  }
  const json = new TextEncoder().encode(`{${parts.join(',')}}`);
  // Spaces up to a multiple of 8, as the reference library pads.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}

/**
 * The file in pieces (length, header, one piece per tensor), for writing without one large copy.
 * Throws an internal error when a name occurs twice or a shape does not fit its data.
 */
export function* safetensorsChunks(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  invariant(new Set(tensors.map((t) => t.name)).size === tensors.length, 'tensor names must differ');
  const ordered = inFileOrder(tensors);
  const json = header(ordered, metadata);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  yield length;
  yield json;
  for (const tensor of ordered) yield encode(tensor);
}

/** The whole file as bytes. Deterministic: order of `tensors` and of metadata keys does not matter. */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const chunks = [...safetensorsChunks(tensors, metadata)];
  const file = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}
