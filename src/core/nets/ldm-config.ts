// Configurations of the networks in an original-layout (LDM) file, read off the shapes of its tensors.

import { AppError } from '../base/errors.ts';

/** Shape of a stored tensor, or undefined where there is none. */
export type ShapeOf = (stored: string) => readonly number[] | undefined;

/** A configuration as diffusers or transformers would write it, and what had to be assumed because no shape tells it. */
export interface DerivedConfig {
  readonly json: Readonly<Record<string, unknown>>;
  readonly assumed: readonly string[];
}

const UNET = 'model.diffusion_model.';
const VAE = 'first_stage_model.';
/** First width of Stable Diffusion 1.x: the original's 8 heads and 32 groups hold for it. */
const SD1_WIDTH = 320;
const SD1_HEADS = 8;
const SD1_GROUPS = 32;
/** Channels per head of every published CLIP. */
const CLIP_HEAD = 64;

function missing(name: string): never {
  throw new AppError('bad-weights', `tensor ${name} is missing`, {
    hint: 'The file is not a complete Stable Diffusion 1.x checkpoint.',
  });
}

const greatestDivisor = (numbers: readonly number[]): number =>
  numbers.reduce((a, b) => {
    while (b !== 0) [a, b] = [b, a % b];
    return a;
  });

/** Counts NAME0, NAME1, ... while they exist. */
function count(has: (index: number) => boolean): number {
  let n = 0;
  while (has(n)) n++;
  return n;
}

/** Group count: 32 in every published model; of other widths the largest that fits them all. */
function groupsOf(widths: readonly number[], assumed: string[], what: string): number {
  const common = greatestDivisor(widths);
  if (common % SD1_GROUPS === 0) return SD1_GROUPS;
  assumed.push(`${what}: ${common} groups per norm`);
  return common;
}

interface Level {
  channels: number;
  layers: number;
  /** Transformer blocks per attention module; 0 without attention. */
  depth: number;
}

/** Walks input_blocks: residual blocks (with attention or not) up to each downsampler. */
function unetLevels(shape: ShapeOf): { levels: Level[]; attention: string | null } {
  const levels: Level[] = [];
  let attention: string | null = null;
  let level: Level = { channels: 0, layers: 0, depth: 0 };
  for (let k = 1; ; k++) {
    const block = `${UNET}input_blocks.${k}`;
    if (shape(`${block}.0.op.weight`)) {
      levels.push(level);
      level = { channels: 0, layers: 0, depth: 0 };
      continue;
    }
    const conv = shape(`${block}.0.out_layers.3.weight`);
    if (!conv) break;
    level.channels = conv[0];
    level.layers++;
    if (shape(`${block}.1.proj_in.weight`)) {
      attention ??= `${block}.1`;
      level.depth = count((d) => shape(`${block}.1.transformer_blocks.${d}.norm1.weight`) !== undefined);
    }
  }
  levels.push(level);
  return { levels, attention };
}

/** UNet2DConditionModel. Heads and norm groups are in no shape: those of SD 1.x are assumed. */
export function ldmUnetConfig(shape: ShapeOf): DerivedConfig {
  const first = shape(`${UNET}input_blocks.0.0.weight`) ?? missing(`${UNET}input_blocks.0.0.weight`);
  const last = shape(`${UNET}out.2.weight`) ?? missing(`${UNET}out.2.weight`);
  const { levels, attention } = unetLevels(shape);
  const widths = levels.map((l) => l.channels);
  if (attention === null || widths.includes(0)) {
    throw new AppError('bad-weights', 'the U-Net in this file is not one of Stable Diffusion', {});
  }
  const context = shape(`${attention}.transformer_blocks.0.attn2.to_k.weight`);
  const assumed: string[] = [];
  if (widths[0] !== SD1_WIDTH) assumed.push(`U-Net: ${SD1_HEADS} attention heads`);
  const down = levels.map((l) => (l.depth > 0 ? 'CrossAttnDownBlock2D' : 'DownBlock2D'));
  const json = {
    _class_name: 'UNet2DConditionModel',
    in_channels: first[1],
    out_channels: last[0],
    sample_size: 64,
    block_out_channels: widths,
    layers_per_block: levels.map((l) => l.layers),
    transformer_layers_per_block: levels.map((l) => Math.max(1, l.depth)),
    down_block_types: down,
    up_block_types: down.toReversed().map((type) => type.replace('Down', 'Up')),
    attention_head_dim: SD1_HEADS,
    norm_num_groups: groupsOf(widths, assumed, 'U-Net'),
    cross_attention_dim: context?.[1],
    use_linear_projection: shape(`${attention}.proj_in.weight`)?.length === 2,
    time_embedding_dim: shape(`${UNET}time_embed.0.weight`)?.[0],
  };
  return { json, assumed };
}

/** AutoencoderKL. The scaling factor is in no tensor: that of SD 1.x is taken. */
export function ldmVaeConfig(shape: ShapeOf): DerivedConfig {
  const first = shape(`${VAE}encoder.conv_in.weight`) ?? missing(`${VAE}encoder.conv_in.weight`);
  const latent = shape(`${VAE}decoder.conv_in.weight`) ?? missing(`${VAE}decoder.conv_in.weight`);
  const blockConv = (level: number, block: number) =>
    shape(`${VAE}encoder.down.${level}.block.${block}.conv2.weight`);
  const levels = count((i) => blockConv(i, 0) !== undefined);
  const widths = Array.from({ length: levels }, (_, i) => blockConv(i, 0)?.[0] ?? 0);
  const assumed: string[] = [];
  const json = {
    _class_name: 'AutoencoderKL',
    in_channels: first[1],
    out_channels: shape(`${VAE}decoder.conv_out.weight`)?.[0],
    latent_channels: latent[1],
    block_out_channels: widths,
    layers_per_block: count((j) => blockConv(0, j) !== undefined),
    down_block_types: widths.map(() => 'DownEncoderBlock2D'),
    up_block_types: widths.map(() => 'UpDecoderBlock2D'),
    norm_num_groups: groupsOf(widths, assumed, 'autoencoder'),
    mid_block_add_attention: shape(`${VAE}encoder.mid.attn_1.q.weight`) !== undefined,
    use_quant_conv: shape(`${VAE}quant_conv.weight`) !== undefined,
    use_post_quant_conv: shape(`${VAE}post_quant_conv.weight`) !== undefined,
    scaling_factor: 0.18215,
  };
  return { json, assumed };
}

/** CLIPTextModel. `shape` takes names with `text_model.`. */
export function ldmTextConfig(shape: ShapeOf): DerivedConfig {
  const table = 'text_model.embeddings.token_embedding.weight';
  const [vocabulary, width] = shape(table) ?? missing(table);
  const layer = (i: number) => `text_model.encoder.layers.${i}`;
  const assumed: string[] = [];
  const isClip = width % CLIP_HEAD === 0;
  if (!isClip) assumed.push('text encoder: 4 attention heads');
  const json = {
    model_type: 'clip_text_model',
    vocab_size: vocabulary,
    hidden_size: width,
    intermediate_size: shape(`${layer(0)}.mlp.fc1.weight`)?.[0],
    num_hidden_layers: count((i) => shape(`${layer(i)}.layer_norm1.weight`) !== undefined),
    num_attention_heads: isClip ? width / CLIP_HEAD : 4,
    max_position_embeddings: shape('text_model.embeddings.position_embedding.weight')?.[0],
    hidden_act: 'quick_gelu',
    eos_token_id: vocabulary - 1,
  };
  return { json, assumed };
}
