// CLIPTextModel's config.json (transformers 4 and 5).

import { ConfigReader } from './config-reader.ts';

export interface ClipTextConfig {
  /** Rows of the token table before tokens were added. */
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  /** May be 0: embeddings and final norm only (the embedded pack). */
  readonly layers: number;
  readonly heads: number;
  readonly maxPositions: number;
  readonly activation: 'quick_gelu' | 'gelu';
  readonly normEps: number;
  readonly eosTokenId: number;
}

/** eos_token_id of published CLIP files, which is wrong: the real one is the last of the vocabulary. */
const LEGACY_EOS = 2;

/** Keys that say nothing about the forward pass. */
const NEUTRAL = [
  'architectures',
  'bos_token_id',
  'dtype',
  'initializer_factor',
  'initializer_range',
  'pad_token_id',
  'projection_dim',
  'torch_dtype',
  'transformers_version',
  'use_cache',
];

/**
 * Checks a CLIPTextModel configuration (parsed JSON); absent keys have transformers' defaults.
 * @throws AppError bad-pack naming key, value and what is supported
 */
export function parseClipTextConfig(json: unknown, file?: string): ClipTextConfig {
  const read = new ConfigReader(json, { className: 'CLIPTextModel', file });
  read.ignore(...NEUTRAL);
  read.oneOf('model_type', 'clip_text_model', ['clip_text_model']);
  read.oneOf('attention_dropout', 0, [0]);
  read.oneOf('dropout', 0, [0]);
  const vocabSize = read.integer('vocab_size', 49408);
  const hiddenSize = read.integer('hidden_size', 512);
  const heads = read.integer('num_attention_heads', 8);
  if (hiddenSize % heads !== 0)
    read.refuse('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  const eos = read.integer('eos_token_id', 49407, 0);
  const config: ClipTextConfig = {
    vocabSize,
    hiddenSize,
    intermediateSize: read.integer('intermediate_size', 2048),
    layers: read.integer('num_hidden_layers', 12, 0),
    heads,
    maxPositions: read.integer('max_position_embeddings', 77),
    activation: read.oneOf<'quick_gelu' | 'gelu'>('hidden_act', 'quick_gelu', ['quick_gelu', 'gelu']),
    normEps: read.number('layer_norm_eps', 1e-5),
    eosTokenId: eos === LEGACY_EOS ? vocabSize - 1 : eos,
  };
  read.finish();
  return config;
}
