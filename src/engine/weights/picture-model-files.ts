// The parts of a Stable Diffusion folder around a fine-tuned U-Net and text encoder: configurations, the tokenizer
// with its new tokens, the autoencoder.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tokenNames } from '../../core/recipes/seas/prompts.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';
import type { SdPack } from '../packs/sd-pack.ts';
import { CLIP_MERGES } from '../packs/tokenizer-folder.ts';
import { readTable } from '../packs/weight-source.ts';
import { jsonText, type ModelParts, tensors } from './model-parts.ts';
import type { TokenSetWeights } from './token-set-weights.ts';

type Json = Record<string, unknown>;

const CLASSES = { 'text-to-image': 'StableDiffusionPipeline', inpainting: 'StableDiffusionInpaintPipeline' };
const LICENCE = /^licen[cs]e/i;

/** An entry of added tokens as transformers writes it. */
const addedToken = (content: string) => ({
  content,
  lstrip: false,
  normalized: false,
  rstrip: false,
  single_word: false,
  special: false,
});

function indexJson({ kind, scheduler }: SdPack): Json {
  return {
    _class_name: CLASSES[kind],
    feature_extractor: [null, null],
    requires_safety_checker: false,
    safety_checker: [null, null],
    scheduler: ['diffusers', String(scheduler._class_name ?? 'PNDMScheduler')],
    text_encoder: ['transformers', 'CLIPTextModel'],
    tokenizer: ['transformers', 'CLIPTokenizer'],
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  };
}

/** The files of CLIP's own tokenizer, for models that brought none. */
function ownTokenizer(tokenizer: Tokenizer, count: number): Record<string, string> {
  const words = Array.from({ length: count }, (_, id) => [tokenizer.tokenOf(id) as string, id]);
  return {
    'vocab.json': jsonText(Object.fromEntries(words)),
    'merges.txt': gunzipSync(readFileSync(CLIP_MERGES)).toString('utf8'),
  };
}

/** The tokenizer's files with the new tokens in each of the places that programs look at. */
function tokenizerTexts({ product }: TokenSetWeights, pack: SdPack): Record<string, string> {
  const { tokenizer } = product;
  const added = tokenNames(product.tokens).map((name): [number, string] => [
    tokenizer.idOf(name) as number,
    name,
  ]);
  const files = pack.tokenizer?.files ?? [];
  const texts: Record<string, string> =
    files.length > 0
      ? Object.fromEntries(files.map((file) => [basename(file), readFileSync(file, 'utf8')]))
      : ownTokenizer(tokenizer, Math.min(...added.map(([id]) => id)));
  const config = JSON.parse(texts['tokenizer_config.json'] ?? '{"tokenizer_class":"CLIPTokenizer"}') as Json;
  const decoder = added.map(([id, name]) => [id, addedToken(name)]);
  const before = (config.added_tokens_decoder ?? {}) as Json;
  texts['tokenizer_config.json'] = jsonText({
    model_max_length: tokenizer.maxLength,
    ...config,
    added_tokens_decoder: { ...before, ...Object.fromEntries(decoder) },
  });
  texts['added_tokens.json'] = jsonText(Object.fromEntries(added.map(([id, name]) => [name, id])));
  if (texts['tokenizer.json'] !== undefined) {
    const whole = JSON.parse(texts['tokenizer.json']) as { added_tokens?: Json[] };
    const known = (whole.added_tokens ?? []).filter(({ content }) =>
      added.every(([, name]) => name !== content),
    );
    const own = added.map(([id, name]) => ({ id, ...addedToken(name) }));
    texts['tokenizer.json'] = jsonText({ ...whole, added_tokens: [...known, ...own] });
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`tokenizer/${name}`, text]));
}

function licences(pack: SdPack): ModelParts['copied'] {
  const folder = statSync(pack.path).isDirectory() ? pack.path : dirname(pack.path);
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true }).filter(
    (e) => e.isFile() && LICENCE.test(e.name),
  );
  return found.map(({ name }) => [name, join(folder, name)]);
}

export function pictureParts(
  set: TokenSetWeights,
  pack: SdPack,
  dtype: 'F32' | 'F16',
  about: Readonly<Record<string, string>>,
): ModelParts {
  const { unet, text, autoencoder, scheduler } = pack;
  // A vocabulary smaller than its table has room for new tokens.
  const vocabulary = Math.max(text.config.vocabSize, set.product.tokenizer.vocabSize);
  return {
    texts: {
      'model_index.json': jsonText(indexJson(pack)),
      'unet/config.json': jsonText(unet.json),
      'text_encoder/config.json': jsonText({ ...text.json, vocab_size: vocabulary }),
      'vae/config.json': jsonText(autoencoder.json),
      'scheduler/scheduler_config.json': jsonText(scheduler),
      'tokens.json': jsonText({ ...about, prompts: set.prompts }),
      ...tokenizerTexts(set, pack),
    },
    copied: licences(pack),
    networks: [
      {
        file: 'vae/diffusion_pytorch_model.safetensors',
        tensors() {
          const source = autoencoder.open();
          try {
            return tensors(autoencoder.table, readTable(source, autoencoder.table), dtype);
          } finally {
            source.close();
          }
        },
      },
    ],
  };
}
