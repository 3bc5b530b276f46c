// A fine-tune as a model folder in diffusers layout: the whole U-Net, and the text encoder with its added tokens.

import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import type { Pack } from '../packs/pack.ts';
import { readPackJson } from '../packs/pack-files.ts';
import { jsonText, type ModelParts, tensors } from './model-parts.ts';
import { pictureParts } from './picture-model-files.ts';
import type { TokenSetWeights } from './token-set-weights.ts';
import { writeFolder, writeTensorFile } from './write-weights.ts';

/** Parts that training leaves as they are. */
const COPIED = ['vae', 'scheduler', 'model_index.json', 'LICENSE'] as const;

function windowParts(set: TokenSetWeights, pack: Pack, about: Readonly<Record<string, string>>): ModelParts {
  const { tokenizer } = set.product;
  const words = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.tokenOf(id) as string);
  const own = readPackJson(pack.folder, 'flawsmith.json');
  const textJson = readPackJson(pack.folder, 'text_encoder/config.json');
  const present = COPIED.map((name) => [name, join(pack.folder, name)] as const);
  return {
    texts: {
      'unet/config.json': jsonText(readPackJson(pack.folder, 'unet/config.json')),
      'text_encoder/config.json': jsonText({ ...textJson, vocab_size: tokenizer.vocabSize }),
      'tokenizer/vocab.json': jsonText(Object.fromEntries(words.map((word, id) => [word, id]))),
      'flawsmith.json': jsonText({ ...own, words, fine_tuned: { ...about, prompts: set.prompts } }),
    },
    copied: present.filter(([, from]) => existsSync(from)),
    networks: [],
  };
}

/** Writes the folder: a pack that this program, and diffusers network by network, can open. */
export async function exportModel(
  set: TokenSetWeights,
  out: string,
  dtype: 'F32' | 'F16',
  about: Readonly<Record<string, string>>,
): Promise<{ unetTensors: number; vocabulary: number }> {
  const { base } = set;
  const { texts, copied, networks } =
    base.kind === 'window' ? windowParts(set, base.pack, about) : pictureParts(set, base.pack, dtype, about);
  const meta = { format: 'pt' };
  await writeFolder(out, async (folder) => {
    for (const [name, from] of copied) cpSync(from, join(folder, name), { recursive: true });
    for (const [name, text] of Object.entries(texts)) {
      await makeFolder(join(folder, name, '..'));
      await atomicWrite(join(folder, name), text);
    }
    const fineTuned = [
      {
        file: 'unet/diffusion_pytorch_model.safetensors',
        tensors: () => tensors(set.unet.table, set.learnedUnet(), dtype),
      },
      {
        file: 'text_encoder/model.safetensors',
        tensors: () => tensors(set.text.table, set.text.weights, dtype),
      },
    ];
    for (const { file, tensors: read } of [...fineTuned, ...networks]) {
      await writeTensorFile(join(folder, file), read(), meta);
    }
  });
  return { unetTensors: set.unet.table.size, vocabulary: set.product.tokenizer.vocabSize };
}
