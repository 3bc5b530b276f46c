// A fine-tune as a model folder in diffusers layout: the whole U-Net, and the text encoder with its added tokens.

import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorToWrite } from '../../core/formats/safetensors-write.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import { readPackJson } from '../packs/pack-files.ts';
import type { TokenSetWeights } from './token-set-weights.ts';
import { writeFolder, writeTensorFile } from './write-weights.ts';

/** Parts that training leaves as they are. */
const COPIED = ['vae', 'scheduler', 'model_index.json', 'LICENSE'] as const;

function tensors(
  table: ParameterTable,
  weights: Readonly<Record<string, Float32Array>>,
  dtype: 'F32' | 'F16',
): TensorToWrite[] {
  return [...table].map(([name, { shape }]) => ({ name, dtype, shape, data: weights[name] }));
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes the folder: a pack that this program, and diffusers network by network, can open. */
export async function exportModel(
  set: TokenSetWeights,
  out: string,
  dtype: 'F32' | 'F16',
  about: Readonly<Record<string, string>>,
): Promise<{ unetTensors: number; vocabulary: number }> {
  const { pack, product } = set;
  const vocabulary = product.tokenizer.vocabSize;
  const words = Array.from({ length: vocabulary }, (_, id) => product.tokenizer.tokenOf(id) as string);
  const own = readPackJson(pack.folder, 'flawsmith.json');
  const textJson = readPackJson(pack.folder, 'text_encoder/config.json');
  const texts: Record<string, string> = {
    'unet/config.json': jsonText(readPackJson(pack.folder, 'unet/config.json')),
    'text_encoder/config.json': jsonText({ ...textJson, vocab_size: vocabulary }),
    'tokenizer/vocab.json': jsonText(Object.fromEntries(words.map((word, id) => [word, id]))),
    'flawsmith.json': jsonText({ ...own, words, fine_tuned: { ...about, prompts: set.prompts } }),
  };
  const meta = { format: 'pt' };
  await writeFolder(out, async (folder) => {
    for (const name of COPIED) {
      const from = join(pack.folder, name);
      if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true });
    }
    for (const [name, text] of Object.entries(texts)) {
      await makeFolder(join(folder, name, '..'));
      await atomicWrite(join(folder, name), text);
    }
    await writeTensorFile(
      join(folder, 'unet/diffusion_pytorch_model.safetensors'),
      tensors(set.unet.table, set.learnedUnet(), dtype),
      meta,
    );
    await writeTensorFile(
      join(folder, 'text_encoder/model.safetensors'),
      tensors(set.text.table, set.text.weights, dtype),
      meta,
    );
  });
  return { unetTensors: set.unet.table.size, vocabulary };
}
