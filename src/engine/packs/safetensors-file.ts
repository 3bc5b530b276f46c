// A safetensors file on disk: the header is read once, tensors one at a time by position, never the whole file.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../core/base/errors.ts';
import {
  parseSafetensorsHeader,
  readHeaderLength,
  type SafetensorsHeader,
  type TensorInfo,
} from '../../core/formats/safetensors.ts';
import {
  decodeFloat32,
  decodeFloat64,
  decodeInt32,
  decodeInt64,
  firstNonFinite,
} from '../../core/formats/safetensors-data.ts';
import { bfloat16ToFloat, halfToFloat } from '../../core/tensor/half.ts';
import { sharedFloats } from '../../core/tensor/shared.ts';

/** Bytes read at once while a 16-bit tensor is widened. */
const WIDEN_CHUNK_BYTES = 1 << 20;

/** Fills `into` from `position`; throws corrupt when the file ends early (it changed after it was opened). */
function readFully(fd: number, into: Uint8Array, position: number, path: string): void {
  let done = 0;
  while (done < into.length) {
    const count = readSync(fd, into, done, Math.min(into.length - done, 1 << 30), position + done);
    if (count === 0)
      throw new AppError('corrupt', 'the file became shorter while it was read', { file: path });
    done += count;
  }
}

/** An open file. Close it when done; reading after that fails. */
export interface SafetensorsFile {
  readonly path: string;
  readonly names: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
  has(name: string): boolean;
  /** Dtype, shape and size of one tensor. Throws bad-weights when it is missing. */
  info(name: string): TensorInfo;
  /** F32, F16, BF16 or F64 tensor as float32. With `finite`, NaN or infinity is refused as bad-weights. */
  float32(name: string, options?: { finite?: boolean }): Float32Array;
  /** Float tensor as float64, exact. */
  float64(name: string): Float64Array;
  /** I32, I16, U16, I8, U8 or BOOL tensor. */
  int32(name: string): Int32Array;
  int64(name: string): BigInt64Array;
  /** The stored bytes. */
  bytes(name: string): Uint8Array;
  close(): void;
}

function openHeader(fd: number, path: string): SafetensorsHeader {
  const size = fstatSync(fd).size;
  const first8 = new Uint8Array(Math.min(8, size));
  readFully(fd, first8, 0, path);
  const json = new Uint8Array(readHeaderLength(first8, size, path));
  readFully(fd, json, 8, path);
  return parseSafetensorsHeader(json, size, path);
}

/** In shared memory, for compute lanes. F32 is read straight into the result; 16-bit floats are widened through a small buffer. */
function readFloat32(fd: number, info: TensorInfo, path: string): Float32Array {
  const out = sharedFloats(info.elements);
  if (info.dtype === 'F32') {
    readFully(fd, new Uint8Array(out.buffer), info.byteOffset, path);
    return out;
  }
  const widen = info.dtype === 'F16' ? halfToFloat : bfloat16ToFloat;
  for (let byte = 0; byte < info.byteLength; byte += WIDEN_CHUNK_BYTES) {
    const chunk = new Uint16Array(Math.min(WIDEN_CHUNK_BYTES, info.byteLength - byte) / 2);
    readFully(fd, new Uint8Array(chunk.buffer), info.byteOffset + byte, path);
    widen(chunk, out.subarray(byte / 2, byte / 2 + chunk.length));
  }
  return out;
}

/**
 * Opens a safetensors file, reading only its header.
 * @throws AppError not-found, or bad-weights with the reason when the header does not hold up
 */
export function openSafetensors(path: string): SafetensorsFile {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new AppError('not-found', 'weights file cannot be opened', { file: path }, cause);
  }
  let header: SafetensorsHeader;
  try {
    header = openHeader(fd, path);
  } catch (error) {
    closeSync(fd);
    throw error;
  }

  const info = (name: string): TensorInfo => {
    const found = header.tensors.get(name);
    if (!found) throw new AppError('bad-weights', `tensor ${name} is missing`, { file: path });
    return found;
  };
  const bytes = (name: string): Uint8Array => {
    const { byteLength, byteOffset } = info(name);
    const out = new Uint8Array(byteLength);
    readFully(fd, out, byteOffset, path);
    return out;
  };
  const float32 = (name: string): Float32Array => {
    const tensor = info(name);
    const direct = tensor.dtype === 'F32' || tensor.dtype === 'F16' || tensor.dtype === 'BF16';
    return direct ? readFloat32(fd, tensor, path) : decodeFloat32(bytes(name), tensor, path);
  };

  return {
    path,
    names: [...header.tensors.keys()],
    metadata: header.metadata,
    has: (name) => header.tensors.has(name),
    info,
    bytes,
    float32(name, options = {}) {
      const values = float32(name);
      const bad = options.finite ? firstNonFinite(values) : -1;
      if (bad >= 0)
        throw new AppError('bad-weights', `tensor ${name} holds ${values[bad]} at ${bad}`, { file: path });
      return values;
    },
    float64: (name) => decodeFloat64(bytes(name), info(name), path),
    int32: (name) => decodeInt32(bytes(name), info(name), path),
    int64: (name) => decodeInt64(bytes(name), info(name), path),
    close: () => closeSync(fd),
  };
}
