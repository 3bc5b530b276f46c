// What a Stable Diffusion pack is, in words and numbers, from its configurations and headers.

import { statSync } from 'node:fs';
import type { JsonObject } from '../../core/domain/json.ts';
import { findLicence } from './licence.ts';
import { memoryNeed, parameterCount } from './sd-memory.ts';
import type { SdNetwork, SdPack } from './sd-pack.ts';

/** Number types of a network's weights, each once. */
function dtypes(network: SdNetwork<unknown>): string[] {
  const source = network.open();
  try {
    return [...new Set([...network.table.keys()].map((name) => source.dtype(name) as string))].sort();
  } finally {
    source.close();
  }
}

export function sdTitle(pack: Pick<SdPack, 'kind' | 'layout'>): string {
  const layout = pack.layout === 'folder' ? 'diffusers folder' : 'single file';
  return `Stable Diffusion 1.x ${pack.kind}, ${layout}`;
}

export function inspectSdPack(pack: SdPack): JsonObject {
  const { unet, autoencoder, text } = pack;
  const licence = findLicence(pack.path);
  const { samplingBytes, trainingBytes, adapterTrainingBytes } = memoryNeed(pack);
  return {
    kind: sdTitle(pack),
    layout: pack.layout,
    task: pack.kind,
    parameters: {
      unet: parameterCount(unet.table),
      text_encoder: parameterCount(text.table),
      autoencoder: parameterCount(autoencoder.table),
    },
    inputChannels: unet.config.inChannels,
    widths: [...unet.config.blockOutChannels],
    heads: [...unet.config.heads],
    textWidth: text.config.hiddenSize,
    vocabulary: text.config.vocabSize,
    workingSize: pack.workingSize,
    predictionType: String(pack.scheduler.prediction_type ?? 'epsilon'),
    sampler: String(pack.scheduler._class_name ?? 'not stated'),
    numbers: { unet: dtypes(unet), text_encoder: dtypes(text), autoencoder: dtypes(autoencoder) },
    tokenizer: pack.tokenizer?.origin ?? null,
    memory: { samplingBytes, trainingBytes, adapterTrainingBytes },
    bytes: pack.files.reduce((n, file) => n + statSync(file).size, 0),
    files: [...pack.files],
    licence: { ...licence },
    assumed: [...pack.assumed],
    unused: [...pack.unused],
  };
}
