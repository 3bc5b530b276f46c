// How much memory a Stable Diffusion pack will take, told before anything is loaded.

import { Builder } from '../../core/graph/builder.ts';
import { type ProgramMemory, programMemory, runBytes } from '../../core/memory/predict.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { Scope } from '../../core/nets/scope.ts';
import { unet } from '../../core/nets/unet-2d-condition.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { latentFactor, type SdPack } from './sd-pack.ts';

export interface MemoryNeed {
  /** One picture of the pack's size, guided: U-Net in float32 and its activations. */
  readonly samplingBytes: number;
  /** Training the whole U-Net, two windows a step: weights, gradients, two moments, activations. */
  readonly trainingBytes: number;
  /** The same with low-rank adapters: the U-Net's weights stay as they are. */
  readonly adapterTrainingBytes: number;
}

const FLOAT_BYTES = 4;
/** Weight, gradient and two moments of AdamW. */
const TRAINED_COPIES = 4;
/** The backward pass holds about as much again as the forward pass at its peak, where blocks are computed twice. */
const BACKWARD_FACTOR = 2;
/** The program, its tokenizer and the runtime. */
const PROCESS_BYTES = 300e6;

export const parameterCount = (table: ParameterTable): number =>
  [...table.values()].reduce((n, { shape }) => n + sizeOf(shape), 0);

/** One U-Net call with two items at the pack's own size. */
function callMemory(pack: SdPack): ProgramMemory {
  const { config } = pack.unet;
  const side = pack.workingSize / latentFactor(pack.autoencoder.config);
  const s = new Scope(new Builder());
  const inputs = {
    sample: s.b.input('x', [2, config.inChannels, side, side]),
    timestep: s.b.input('t', [2]),
    encoderHiddenStates: s.b.input('context', [2, pack.text.config.maxPositions, config.crossAttentionDim]),
  };
  return programMemory({ outputs: { out: unet(s, inputs, config).sample } });
}

/** An estimate, from shapes alone. */
export function memoryNeed(pack: SdPack): MemoryNeed {
  const weights = FLOAT_BYTES * parameterCount(pack.unet.table);
  const call = callMemory(pack);
  const around = PROCESS_BYTES + BACKWARD_FACTOR * (call.arenaBytes + call.sessionBytes);
  return {
    samplingBytes: PROCESS_BYTES + runBytes(call),
    trainingBytes: around + TRAINED_COPIES * weights,
    adapterTrainingBytes: around + weights,
  };
}
