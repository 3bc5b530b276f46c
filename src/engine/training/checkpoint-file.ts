// Checkpoint of a training: weights, moving average, optimiser moments and the step, one safetensors file.

import { existsSync, readFileSync } from 'node:fs';
import type { AdamW } from '../../core/autodiff/adamw.ts';
import { parseSafetensors } from '../../core/formats/safetensors.ts';
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

const metadataOf = (state: TrainingState) => ({ step: String(state.optimizer.steps) });

export function checkpointBytes(state: TrainingState): Uint8Array {
  return writeSafetensors(tensorsOf(state), metadataOf(state));
}

/** Fills `state` from a checkpoint's bytes. */
export function restoreCheckpoint(bytes: Uint8Array, state: TrainingState): void {
  const header = parseSafetensors(bytes);
  for (const [name, array] of arraysOf(state)) {
    const info = header.tensors.get(name);
    if (!info) throw new Error(`internal: the checkpoint lacks ${name}`);
    array.set(decodeFloat32(bytes.subarray(info.byteOffset, info.byteOffset + info.byteLength), info));
  }
  state.optimizer.steps = Number(header.metadata.get('step'));
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
