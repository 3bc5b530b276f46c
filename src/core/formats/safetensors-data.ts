// Tensor bytes of a safetensors file as typed arrays: widening of fp16 and bfloat16, exact integers.

import { AppError } from '../base/errors.ts';
import { bfloat16ToFloat, halfToFloat } from '../tensor/half.ts';
import type { Dtype, TensorInfo } from './safetensors.ts';

function wrongKind(info: TensorInfo, wanted: string, file?: string): never {
  throw new AppError('bad-weights', `tensor ${info.name} is ${info.dtype}, expected ${wanted}`, { file });
}

/** A copy of `bytes` that starts its own buffer, so that any typed array may be laid over it (a subclass's slice may share). */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer as ArrayBuffer;
}

export function isFloatDtype(dtype: Dtype): boolean {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || dtype === 'F64';
}

/** Little-endian bytes of a float tensor as float32; F16 and BF16 widen exactly, F64 rounds. */
export function decodeFloat32(bytes: Uint8Array, info: TensorInfo, file?: string): Float32Array {
  switch (info.dtype) {
    case 'F32':
      return new Float32Array(aligned(bytes));
    case 'F16':
      return halfToFloat(new Uint16Array(aligned(bytes)));
    case 'BF16':
      return bfloat16ToFloat(new Uint16Array(aligned(bytes)));
    case 'F64':
      return Float32Array.from(new Float64Array(aligned(bytes)));
    default:
      return wrongKind(info, 'floats', file);
  }
}

/** Little-endian bytes of a float tensor as float64, exact for every float dtype. */
export function decodeFloat64(bytes: Uint8Array, info: TensorInfo, file?: string): Float64Array {
  if (info.dtype === 'F64') return new Float64Array(aligned(bytes));
  return Float64Array.from(decodeFloat32(bytes, info, file));
}

/** Little-endian bytes of an I32 tensor; narrower integers and BOOL widen. */
export function decodeInt32(bytes: Uint8Array, info: TensorInfo, file?: string): Int32Array {
  switch (info.dtype) {
    case 'I32':
      return new Int32Array(aligned(bytes));
    case 'I16':
      return Int32Array.from(new Int16Array(aligned(bytes)));
    case 'U16':
      return Int32Array.from(new Uint16Array(aligned(bytes)));
    case 'I8':
      return Int32Array.from(new Int8Array(aligned(bytes)));
    case 'U8':
    case 'BOOL':
      return Int32Array.from(bytes);
    default:
      return wrongKind(info, 'integers of at most 32 bits', file);
  }
}

/** Little-endian bytes of an I64 tensor. */
export function decodeInt64(bytes: Uint8Array, info: TensorInfo, file?: string): BigInt64Array {
  if (info.dtype !== 'I64') wrongKind(info, 'I64', file);
  return new BigInt64Array(aligned(bytes));
}

/** Index of the first NaN or infinity, or -1. */
export function firstNonFinite(values: Float32Array | Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
