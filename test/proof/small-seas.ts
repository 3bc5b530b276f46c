// The SeaS step of a very small window network: every kind of layer the pack has, quick enough for a software GPU.

import { namedRng, type Rng } from '../../src/core/base/rng.ts';
import { parseClipTextConfig, TOKEN_TABLE } from '../../src/core/nets/clip-text-model.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import { parseUnetConfig } from '../../src/core/nets/unet-2d-condition.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../src/core/recipes/pack/pack-config.ts';
import { type WindowProgram, windowProgram } from '../../src/core/recipes/seas/window-program.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';

const WORDS = 12;
const TOKENS = 2;
const LATENT = 4;
export const TABLE = `text/${TOKEN_TABLE}`;

export const SMALL_NETWORKS = {
  unet: parseUnetConfig({
    ...PACK_UNET_JSON,
    block_out_channels: [8, 8],
    down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
    norm_num_groups: 4,
    attention_head_dim: 4,
    cross_attention_dim: 8,
  }),
  text: parseClipTextConfig({
    ...PACK_TEXT_JSON,
    eos_token_id: WORDS - 1,
    hidden_size: 8,
    intermediate_size: 16,
    num_attention_heads: 2,
    projection_dim: 8,
    vocab_size: WORDS,
  }),
  addedTokens: 0,
};

export function smallProgram(): WindowProgram {
  return windowProgram(SMALL_NETWORKS, {
    rows: { windows: 1, anomalies: 1, normals: 0 },
    latentSize: LATENT,
    promptLength: 8,
    tokensPerPrompt: TOKENS,
    form: 'code',
    alignment: 0.3,
  });
}

export const smallWeights = (program: WindowProgram) =>
  initialWeights(new Map(program.parameters), (name) => namedRng(1, name));

function numbers(name: string, size: number, rng: Rng): Float32Array {
  const out = new Float32Array(size);
  if (name === 'timestep') return out.map(() => rng.int(1000));
  if (name === 'weight') return out.fill(1);
  // Masks and selections are 0 or 1.
  if (/^(mask_|selection)/.test(name)) return out.map(() => rng.int(2));
  return rng.fillNormal(out);
}

/** A random batch for a graph's inputs that are no parameters. */
export function smallBatch(
  program: WindowProgram,
  inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype: string }>>,
  step: number,
): Record<string, Float32Array | Int32Array> {
  const rng = namedRng(step, 'batch');
  const wanted = Object.entries(inputs).filter(([name]) => !program.parameters.has(name));
  return Object.fromEntries(
    wanted.map(([name, { shape, dtype }]) => {
      const size = sizeOf(shape);
      return [
        name,
        dtype === 'int32'
          ? Int32Array.from({ length: size }, () => rng.int(WORDS))
          : numbers(name, size, rng),
      ];
    }),
  );
}
