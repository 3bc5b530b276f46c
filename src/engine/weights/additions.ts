// LoRAs and embeddings of other files, made into what sampling adds to a pack.

import { AppError } from '../../core/base/errors.ts';
import { expandPrompt, vectorNames } from '../../core/formats/text-embedding.ts';
import { type SdPack, tokenizerOf } from '../packs/sd-pack.ts';
import type { Additions } from '../sampling/text-to-image.ts';
import { readEmbedding } from './read-embedding.ts';
import { applyLora, readLora } from './read-lora.ts';

export interface ExtraFile {
  readonly path: string;
}
export interface LoraFile extends ExtraFile {
  /** 1 = as trained. */
  readonly scale: number;
}
export interface EmbeddingFile extends ExtraFile {
  /** What prompts call it. */
  readonly token?: string;
}

/** Reads and checks all files against the pack before anything is computed. */
export function additionsFor(
  pack: SdPack,
  loras: readonly LoraFile[],
  embeddings: readonly EmbeddingFile[],
): Additions {
  const read = loras.map(({ path, scale }) => ({ lora: readLora(path, pack), scale }));
  const width = pack.text.config.hiddenSize;
  const learned = embeddings.map(({ path, token }) => readEmbedding(path, width, token));
  const tokenizer = learned.length > 0 ? tokenizerOf(pack) : null;
  const tokens = learned.flatMap(({ name, rows }, i) => {
    const names = vectorNames(name, rows.length / width);
    const taken = names.find((n) => tokenizer?.idOf(n) !== undefined);
    if (taken) {
      throw new AppError('usage', `"${taken}" is a token of this pack already`, {
        file: embeddings[i].path,
        hint: 'Give the embedding another name: --embedding FILE=NAME.',
      });
    }
    tokenizer?.addTokens(names);
    return names.map((n, k) => ({ name: n, row: rows.subarray(k * width, (k + 1) * width) }));
  });
  return {
    tokens,
    expand: (prompt) =>
      learned.reduce((text, { name, rows }) => expandPrompt(text, name, rows.length / width), prompt),
    unet: (weights) => {
      for (const { lora, scale } of read) applyLora(weights, lora, 'unet', scale);
    },
    text: (weights) => {
      for (const { lora, scale } of read) applyLora(weights, lora, 'text', scale);
    },
  };
}
