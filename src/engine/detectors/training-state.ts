// Everything a detector's training needs to go on after a kill, as one safetensors file.

import type { AdamW } from '../../core/autodiff/adamw.ts';
import { invariant } from '../../core/base/errors.ts';
import { parseSafetensors } from '../../core/formats/safetensors.ts';
import { decodeFloat32 } from '../../core/formats/safetensors-data.ts';
import { type TensorToWrite, writeSafetensors } from '../../core/formats/safetensors-write.ts';

export interface DetectorState {
  /** Trained weights and running statistics. */
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly average: Readonly<Record<string, Float32Array>>;
  /** The weights that are kept if training ended now. */
  readonly kept: Readonly<Record<string, Float32Array>>;
}

function arraysOf(state: DetectorState, optimizer: AdamW): Map<string, Float32Array> {
  const arrays = new Map<string, Float32Array>();
  const add = (prefix: string, values: Readonly<Record<string, Float32Array>>): void => {
    for (const [name, data] of Object.entries(values)) arrays.set(`${prefix}/${name}`, data);
  };
  add('weights', state.weights);
  add('average', state.average);
  add('kept', state.kept);
  for (const [name, { m, v }] of Object.entries(optimizer.moments)) {
    arrays.set(`m/${name}`, m);
    arrays.set(`v/${name}`, v);
  }
  return arrays;
}

/** `seen` is what the training knows beside its arrays. */
export function stateBytes(state: DetectorState, optimizer: AdamW, seen: unknown): Uint8Array {
  const tensors = [...arraysOf(state, optimizer)].map(
    ([name, data]): TensorToWrite => ({ name, dtype: 'F32', shape: [data.length], data }),
  );
  return writeSafetensors(tensors, { step: String(optimizer.steps), seen: JSON.stringify(seen) });
}

/** Fills state and optimiser; returns what was `seen`. The state of another network is refused untouched. */
export function restoreState(bytes: Uint8Array, state: DetectorState, optimizer: AdamW): unknown {
  const { tensors, metadata } = parseSafetensors(bytes);
  const arrays = [...arraysOf(state, optimizer)];
  for (const [name, { length }] of arrays)
    invariant(tensors.get(name)?.elements === length, `the checkpoint's ${name} does not fit`);
  for (const [name, array] of arrays) {
    const info = tensors.get(name);
    if (info)
      array.set(decodeFloat32(bytes.subarray(info.byteOffset, info.byteOffset + info.byteLength), info));
  }
  optimizer.steps = Number(metadata.get('step'));
  return JSON.parse(metadata.get('seen') ?? 'null');
}
