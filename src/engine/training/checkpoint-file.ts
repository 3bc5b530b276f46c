// Checkpoint of a training: weights, moving average, optimiser moments and the step, one safetensors file.

import { existsSync } from 'node:fs';
import type { AdamW } from '../../core/autodiff/adamw.ts';
import { safetensorsChunks, type TensorToWrite } from '../../core/formats/safetensors-write.ts';
import { atomicWrite } from '../blobs/atomic-write.ts';
import { openSafetensors } from '../packs/safetensors-file.ts';

export interface TrainingState {
  readonly weights: Record<string, Float32Array>;
  readonly optimizer: AdamW;
  readonly average?: Record<string, Float32Array>;
}

function* tensorsOf(state: TrainingState): Generator<TensorToWrite> {
  const tensor = (name: string, data: Float32Array): TensorToWrite => ({
    name,
    dtype: 'F32',
    shape: [data.length],
    data,
  });
  for (const name of Object.keys(state.weights)) {
    yield tensor(`weights/${name}`, state.weights[name]);
    yield tensor(`m/${name}`, state.optimizer.moments[name].m);
    yield tensor(`v/${name}`, state.optimizer.moments[name].v);
    if (state.average) yield tensor(`average/${name}`, state.average[name]);
  }
}

/** The checkpoint's bytes, in pieces. */
export function* checkpointChunks(state: TrainingState, note: Record<string, string> = {}): Generator<Uint8Array> {
  const metadata = { step: String(state.optimizer.steps), ...note };
  yield* safetensorsChunks([...tensorsOf(state)], metadata);
}

export async function saveCheckpoint(
  file: string,
  state: TrainingState,
  note: Record<string, string> = {},
): Promise<void> {
  const chunks = checkpointChunks(state, note);
  await atomicWrite(
    file,
    (async function* () {
      yield* chunks;
    })(),
  );
}

/** Fills `state` from the file; returns its metadata, or null when there is no such file. */
export function loadCheckpoint(file: string, state: TrainingState): ReadonlyMap<string, string> | null {
  if (!existsSync(file)) return null;
  const source = openSafetensors(file);
  try {
    for (const name of Object.keys(state.weights)) {
      state.weights[name].set(source.float32(`weights/${name}`));
      state.optimizer.moments[name].m.set(source.float32(`m/${name}`));
      state.optimizer.moments[name].v.set(source.float32(`v/${name}`));
      state.average?.[name].set(source.float32(`average/${name}`));
    }
    state.optimizer.steps = Number(source.metadata.get('step'));
    return source.metadata;
  } finally {
    source.close();
  }
}
