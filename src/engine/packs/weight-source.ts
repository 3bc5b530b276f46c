// The weights of one network by state-dict name, wherever they lie: one file, shards, or a part of a larger file.
// Only headers are read until a tensor is asked for.

import { AppError } from '../../core/base/errors.ts';
import type { Dtype } from '../../core/formats/safetensors.ts';
import { isFloatDtype } from '../../core/formats/safetensors-data.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { SafetensorsFile } from './safetensors-file.ts';

interface Stored {
  readonly file: SafetensorsFile;
  readonly name: string;
}

/** Open files and the names they hold. Close it when done. */
export interface WeightSource {
  /** State-dict names, as the builders declare them. */
  readonly names: readonly string[];
  shape(name: string): readonly number[] | undefined;
  dtype(name: string): Dtype | undefined;
  /** One tensor as float32; not finite is refused as bad-weights. */
  read(name: string): Float32Array;
  /** Where a name lies, for messages. */
  fileOf(name: string): string;
  close(): void;
}

/** A source over open files; `files` are closed with it. */
export function weightSource(
  files: readonly SafetensorsFile[],
  entries: ReadonlyMap<string, Stored>,
): WeightSource {
  const found = (name: string): Stored => {
    const stored = entries.get(name);
    if (stored) return stored;
    throw new AppError('bad-weights', `tensor ${name} is missing`, { file: files[0]?.path });
  };
  const info = (name: string) => {
    const stored = entries.get(name);
    return stored?.file.info(stored.name);
  };
  return {
    names: [...entries.keys()],
    shape: (name) => info(name)?.shape,
    dtype: (name) => info(name)?.dtype,
    read(name) {
      const { file, name: stored } = found(name);
      return file.float32(stored, { finite: true });
    },
    fileOf: (name) => entries.get(name)?.file.path ?? files[0]?.path ?? '',
    close() {
      for (const file of files) file.close();
    },
  };
}

/** Shapes that mean the same weight: a 1x1 convolution is a matrix. */
function sameWeight(stored: readonly number[], wanted: readonly number[]): boolean {
  const trim = (shape: readonly number[]) => {
    const kept = [...shape];
    while (kept.length > 2 && kept[kept.length - 1] === 1) kept.pop();
    return kept.join();
  };
  return trim(stored) === trim(wanted);
}

/** Checks by headers alone that every weight of a network is there, as floats of the right shape. */
export function checkWeights(source: WeightSource, table: ParameterTable, part: string): void {
  for (const [name, { shape }] of table) {
    const stored = source.shape(name);
    if (!stored) {
      throw new AppError('bad-weights', `${part}: the weight ${name} is missing`, {
        file: source.fileOf(name),
        hint: 'The file is incomplete, or its config.json belongs to another model.',
      });
    }
    if (!sameWeight(stored, shape) || !isFloatDtype(source.dtype(name) as Dtype)) {
      const found = `${source.dtype(name)} [${stored.join(', ')}]`;
      throw new AppError('bad-weights', `${part}: ${name} is ${found}, needed floats [${shape.join(', ')}]`, {
        file: source.fileOf(name),
        hint: 'The weights and the config.json do not belong together.',
      });
    }
  }
}

/** All weights of a network as float32, by state-dict name. */
export function readTable(source: WeightSource, table: ParameterTable): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  for (const [name, { shape }] of table) {
    const data = source.read(name);
    if (data.length !== sizeOf(shape)) {
      throw new AppError(
        'bad-weights',
        `tensor ${name} has ${data.length} numbers, needed ${sizeOf(shape)}`,
        {
          file: source.fileOf(name),
        },
      );
    }
    weights[name] = data;
  }
  return weights;
}
