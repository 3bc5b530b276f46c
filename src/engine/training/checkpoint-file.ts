// Checkpoint of a training: weights, moving average, optimiser moments and the step, one safetensors file.

import { existsSync, readFileSync } from 'node:fs';
import type { AdamW } from '../../core/autodiff/adamw.ts';
import { invariant } from '../../core/base/errors.ts';
import { parseSafetensors, type TensorInfo } from '../../core/formats/safetensors.ts';
import { decodeFloat32 } from '../../core/formats/safetensors-data.ts';
import {
  safetensorsChunks,
  type TensorToWrite,
  writeSafetensors,
} from '../../core/formats/safetensors-write.ts';
import { atomicWrite } from '../blobs/atomic-write.ts';

export interface TrainingState {
  readonly weights: Record<string, Float32Array>;
  readonly optimizer: AdamW;
  readonly average?: Record<string, Float32Array>;
}

/** Every array of a state by the name it has in the file. */
function arraysOf(state: TrainingState): Map<string, Float32Array> {
  const arrays = new Map<string, Float32Array>();
  for (const name of Object.keys(state.weights)) {
    arrays.set(`weights/${name}`, state.weights[name]);
    arrays.set(`m/${name}`, state.optimizer.moments[name].m);
    arrays.set(`v/${name}`, state.optimizer.moments[name].v);
    if (state.average) arrays.set(`average/${name}`, state.average[name]);
  }
  return arrays;
}

function tensorsOf(state: TrainingState): TensorToWrite[] {
  return [...arraysOf(state)].map(([name, data]) => ({ name, dtype: 'F32', shape: [data.length], data }));
}

const metadataOf = (state: TrainingState, note = '') => ({ step: String(state.optimizer.steps), note });

type Arrays = Readonly<Record<string, Float32Array>>;

/** `note` and `kept` travel with the state: what else a resumed run must know, what earlier phases trained. */
export function checkpointBytes(state: TrainingState, note = '', kept: Arrays = {}): Uint8Array {
  const also = Object.entries(kept).map(
    ([name, data]): TensorToWrite => ({ name: `${KEPT}${name}`, dtype: 'F32', shape: [data.length], data }),
  );
  return writeSafetensors([...tensorsOf(state), ...also], metadataOf(state, note));
}

const KEPT = 'kept/';

/** The note and the kept arrays of a checkpoint, whatever state it is of. */
export function keptArrays(bytes: Uint8Array): { note: string; kept: Record<string, Float32Array> } {
  const header = parseSafetensors(bytes);
  const kept: Record<string, Float32Array> = {};
  for (const [name, info] of header.tensors) {
    if (!name.startsWith(KEPT)) continue;
    const { byteOffset, byteLength } = info;
    kept[name.slice(KEPT.length)] = decodeFloat32(bytes.subarray(byteOffset, byteOffset + byteLength), info);
  }
  return { note: header.metadata.get('note') ?? '', kept };
}

/** Fills `state` from a checkpoint's bytes; returns its note. A checkpoint of another network is refused untouched. */
export function restoreCheckpoint(bytes: Uint8Array, state: TrainingState): string {
  const header = parseSafetensors(bytes);
  const steps = Number(header.metadata.get('step'));
  invariant(Number.isSafeInteger(steps), 'the checkpoint does not say its step');
  for (const [name, array] of arraysOf(state)) {
    const elements = header.tensors.get(name)?.elements;
    invariant(
      elements === array.length,
      `checkpoint: ${name} has ${elements ?? 'no'} numbers, needed ${array.length}`,
    );
  }
  for (const [name, array] of arraysOf(state)) {
    const info = header.tensors.get(name) as TensorInfo;
    array.set(decodeFloat32(bytes.subarray(info.byteOffset, info.byteOffset + info.byteLength), info));
  }
  state.optimizer.steps = steps;
  return header.metadata.get('note') ?? '';
}

/** Writes the checkpoint in pieces, without a full copy in memory. */
export async function saveCheckpoint(file: string, state: TrainingState): Promise<void> {
  const chunks = safetensorsChunks(tensorsOf(state), metadataOf(state));
  await atomicWrite(
    file,
    (async function* () {
      yield* chunks;
    })(),
  );
}

/** Fills `state` from the file if there is one. */
export function loadCheckpoint(file: string, state: TrainingState): void {
  if (existsSync(file)) restoreCheckpoint(readFileSync(file), state);
}
