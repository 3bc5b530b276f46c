// Safetensors headers: strict reading of what a file holds and where, without touching the tensor data.

import { AppError } from '../base/errors.ts';
import { parseStrictJson, type StrictJson } from './strict-json.ts';

/** Bytes per element of every dtype we accept. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;
export type Dtype = keyof typeof DTYPE_BYTES;

/** Where one tensor lies. Offsets are in bytes from the start of the file. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Product of the shape; 1 for a scalar, 0 for an empty tensor. */
  readonly elements: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  /** In file order (by offset, then by name). */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
  /** First byte of the data section: 8 + header length. */
  readonly dataStart: number;
}

/** The reference library's limit on the header, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

function refuse(reason: string, file?: string): never {
  throw new AppError('bad-weights', `not a usable safetensors file: ${reason}`, {
    file,
    hint: 'Download or export the file again; it may be cut short or damaged.',
  });
}

/**
 * Length of the JSON header from the first 8 bytes of a file of `fileBytes` bytes.
 * Throws bad-weights when it is too large or reaches beyond the end of the file.
 */
export function readHeaderLength(first8: Uint8Array, fileBytes: number, file?: string): number {
  if (fileBytes < 8 || first8.length < 8) refuse('shorter than eight bytes', file);
  const length = new DataView(first8.buffer, first8.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) refuse(`header too large (${length} bytes)`, file);
  if (8 + Number(length) > fileBytes) refuse(`header of ${length} bytes reaches beyond the end`, file);
  return Number(length);
}

function integer(value: StrictJson | undefined, what: string, file?: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    refuse(`${what} must be a whole number of at least 0`, file);
  }
  return value;
}

function integers(value: StrictJson | undefined, what: string, file?: string): number[] {
  if (!Array.isArray(value)) refuse(`${what} must be a list`, file);
  return value.map((item) => integer(item, what, file));
}

function readTensor(name: string, entry: StrictJson, dataStart: number, file?: string): TensorInfo {
  const label = `tensor ${JSON.stringify(name)}`;
  if (!(entry instanceof Map)) refuse(`${label} is not described by an object`, file);
  for (const key of entry.keys()) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets')
      refuse(`${label} has an unknown key ${key}`, file);
  }
  const dtype = entry.get('dtype');
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    refuse(`${label} has the unknown dtype ${JSON.stringify(dtype)}`, file);
  }
  const shape = integers(entry.get('shape'), `shape of ${label}`, file);
  const elements = shape.reduce((product, size) => product * size, 1);
  const byteLength = elements * DTYPE_BYTES[dtype as Dtype];
  if (!Number.isSafeInteger(byteLength)) refuse(`shape of ${label} is too large`, file);
  const offsets = integers(entry.get('data_offsets'), `data_offsets of ${label}`, file);
  if (offsets.length !== 2) refuse(`data_offsets of ${label} must be two numbers`, file);
  const [begin, end] = offsets;
  if (end < begin) refuse(`${label} ends before it begins`, file);
  if (end - begin !== byteLength) {
    refuse(`${label} has ${end - begin} bytes but its shape and dtype need ${byteLength}`, file);
  }
  return { name, dtype: dtype as Dtype, shape, elements, byteOffset: dataStart + begin, byteLength };
}

function readMetadata(entry: StrictJson | undefined, file?: string): Map<string, string> {
  if (entry === undefined) return new Map();
  if (!(entry instanceof Map)) refuse('__metadata__ is not an object', file);
  for (const [key, value] of entry) {
    if (typeof value !== 'string') refuse(`metadata ${JSON.stringify(key)} is not a string`, file);
  }
  return entry as Map<string, string>;
}

/** The tensors must tile the data section: no overlap, no hole, nothing left over. */
function checkCover(
  ordered: readonly TensorInfo[],
  dataStart: number,
  fileBytes: number,
  file?: string,
): void {
  let reached = dataStart;
  for (const tensor of ordered) {
    const label = `tensor ${JSON.stringify(tensor.name)}`;
    if (tensor.byteOffset < reached) refuse(`${label} overlaps another tensor`, file);
    if (tensor.byteOffset > reached) refuse(`there is a hole before ${label}`, file);
    reached += tensor.byteLength;
    if (reached > fileBytes) refuse(`${label} reaches beyond the end of the file`, file);
  }
  if (reached !== fileBytes) refuse(`${fileBytes - reached} bytes at the end belong to no tensor`, file);
}

/**
 * Reads the header of a safetensors file.
 * @param json the header's bytes, without the 8 length bytes before them
 * @param fileBytes size of the whole file in bytes
 * @throws AppError bad-weights naming the reason (duplicate key, dtype, shape, offsets, overlap, hole, cut short)
 */
export function parseSafetensorsHeader(
  json: Uint8Array,
  fileBytes: number,
  file?: string,
): SafetensorsHeader {
  const dataStart = 8 + json.length;
  let root: StrictJson;
  try {
    root = parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json));
  } catch (cause) {
    return refuse(`its header is not valid: ${cause instanceof Error ? cause.message : cause}`, file);
  }
  if (!(root instanceof Map)) refuse('its header is not an object', file);
  const metadata = readMetadata(root.get('__metadata__'), file);
  const ordered: TensorInfo[] = [];
  for (const [name, entry] of root) {
    if (name !== '__metadata__') ordered.push(readTensor(name, entry, dataStart, file));
  }
  ordered.sort(
    (a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength || (a.name < b.name ? -1 : 1),
  );
  checkCover(ordered, dataStart, fileBytes, file);
  return { tensors: new Map(ordered.map((t) => [t.name, t])), metadata, dataStart };
}

/** Header of a whole file held in memory. */
export function parseSafetensors(bytes: Uint8Array, file?: string): SafetensorsHeader {
  const length = readHeaderLength(bytes.subarray(0, 8), bytes.length, file);
  return parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.length, file);
}
