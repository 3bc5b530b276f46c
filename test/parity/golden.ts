// A reference file of the fixtures: tensors by name, and a record of which were looked at.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFloatDtype } from '../../src/core/formats/safetensors-data.ts';
import { openSafetensors, type SafetensorsFile } from '../../src/engine/packs/safetensors-file.ts';

export interface Golden {
  readonly names: readonly string[];
  /** JSON of the metadata key `meta`, or {}. */
  readonly meta: Record<string, unknown>;
  has(name: string): boolean;
  shape(name: string): readonly number[];
  /** Stored as float16. */
  isHalf(name: string): boolean;
  /** Float64Array for F64, Float32Array for narrower floats. */
  floats(name: string): Float32Array | Float64Array;
  float32(name: string): Float32Array;
  float64(name: string): Float64Array;
  int32(name: string): Int32Array;
  /** Floats or integers as they are stored. */
  numbers(name: string): Float32Array | Float64Array | Int32Array;
  /** Tensors nobody asked for: report them as not run. */
  unread(): string[];
  close(): void;
}

/** Tensors looked at so far, by full path of their file, over all times it was opened. */
const looked = new Map<string, Set<string>>();

/** Opens DIR/path. */
export function openGolden(dir: string, path: string): Golden {
  const full = join(dir, path);
  const file: SafetensorsFile = openSafetensors(full);
  const seen = looked.get(full) ?? new Set<string>();
  looked.set(full, seen);
  const look = <T>(read: (name: string) => T) => {
    return (name: string): T => {
      seen.add(name);
      return read(name);
    };
  };
  const floats = look((name) => (file.info(name).dtype === 'F64' ? file.float64(name) : file.float32(name)));
  const int32 = look(file.int32);
  return {
    names: file.names,
    meta: JSON.parse(file.metadata.get('meta') ?? '{}'),
    has: file.has,
    shape: (name) => file.info(name).shape,
    isHalf: (name) => file.info(name).dtype === 'F16',
    floats,
    float32: look((name) => file.float32(name)),
    float64: look(file.float64),
    int32,
    numbers: (name) => (isFloatDtype(file.info(name).dtype) ? floats(name) : int32(name)),
    unread: () => file.names.filter((name) => !seen.has(name)),
    close: file.close,
  };
}

/** Tensors of DIR/folder/*.safetensors that no check looked at, as `file/tensor`; checked once all have run. */
export function neverRead(dir: string, folder: string): string[] {
  return readdirSync(join(dir, folder))
    .filter((name) => name.endsWith('.safetensors'))
    .flatMap((name) => {
      const full = join(dir, folder, name);
      const file = openSafetensors(full);
      const left = file.names.filter((tensor) => !looked.get(full)?.has(tensor));
      file.close();
      return left.map((tensor) => `${name}/${tensor}`);
    });
}

/** A JSON file of the folder. */
export function readJson<T>(dir: string, path: string): T {
  return JSON.parse(readFileSync(join(dir, path), 'utf8')) as T;
}
