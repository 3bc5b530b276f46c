// Names of weights in original-layout (LDM) single files, for the diffusers names that our builders declare.

/** Prefixes of the three networks in a single file. */
export const LDM_PREFIX = {
  unet: 'model.diffusion_model.',
  vae: 'first_stage_model.',
  text: 'cond_stage_model.transformer.',
} as const;

/** Modules of a residual block, diffusers to LDM. */
const UNET_RESNET: Readonly<Record<string, string>> = {
  norm1: 'in_layers.0',
  conv1: 'in_layers.2',
  time_emb_proj: 'emb_layers.1',
  norm2: 'out_layers.0',
  conv2: 'out_layers.3',
  conv_shortcut: 'skip_connection',
};

const UNET_FIXED: Readonly<Record<string, string>> = {
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
  conv_in: 'input_blocks.0.0',
  conv_norm_out: 'out.0',
  conv_out: 'out.2',
};

const VAE_ATTENTION: Readonly<Record<string, string>> = {
  group_norm: 'norm',
  to_q: 'q',
  to_k: 'k',
  to_v: 'v',
  'to_out.0': 'proj_out',
};

const VAE_FIXED: Readonly<Record<string, string>> = {
  conv_norm_out: 'norm_out',
  conv_in: 'conv_in',
  conv_out: 'conv_out',
};

/** How a U-Net's blocks are laid out; per-level lists run from the outermost level to the innermost. */
export interface UnetLayout {
  readonly layersPerBlock: readonly number[];
  /** Whether up block i (0 is the innermost) has attention. */
  readonly upAttention: readonly boolean[];
}

/** `a.b.weight` -> [`a.b`, `weight`]. */
function splitLeaf(name: string): [string, string] {
  const at = name.lastIndexOf('.');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** `resnets.J.MODULE` or `attentions.J.REST` below a numbered LDM block. */
function unetMember(block: string, member: string, rest: string): string {
  if (member === 'resnets') return `${block}.0.${UNET_RESNET[rest] ?? rest}`;
  return `${block}.1.${rest}`;
}

function unetModule(module: string, layout: UnetLayout): string {
  const { layersPerBlock, upAttention } = layout;
  const levels = layersPerBlock.length;
  if (module in UNET_FIXED) return UNET_FIXED[module];
  const mid = /^mid_block\.(resnets|attentions)\.(\d+)\.(.+)$/.exec(module);
  if (mid) {
    const [, member, index, rest] = mid;
    if (member === 'attentions') return `middle_block.1.${rest}`;
    return `middle_block.${2 * Number(index)}.${UNET_RESNET[rest] ?? rest}`;
  }
  const found = /^(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)$/.exec(
    module,
  );
  if (!found) return module;
  const [, side, block, member, index, rest] = found;
  const [i, j] = [Number(block), Number(index)];
  if (side === 'down') {
    // Block 0 is conv_in; every level but the last ends with a downsampler of its own.
    const first = 1 + layersPerBlock.slice(0, i).reduce((sum, n) => sum + n + 1, 0);
    if (member === 'downsamplers') return `input_blocks.${first + layersPerBlock[i]}.0.op`;
    return unetMember(`input_blocks.${first + j}`, member, rest);
  }
  const countOf = (up: number) => layersPerBlock[levels - 1 - up] + 1;
  let first = 0;
  for (let up = 0; up < i; up++) first += countOf(up);
  if (member === 'upsamplers')
    return `output_blocks.${first + countOf(i) - 1}.${upAttention[i] ? 2 : 1}.conv`;
  return unetMember(`output_blocks.${first + j}`, member, rest);
}

/** UNet2DConditionModel: name in the file, with its prefix. */
export function ldmUnetName(name: string, layout: UnetLayout): string {
  const [module, leaf] = splitLeaf(name);
  return `${LDM_PREFIX.unet}${unetModule(module, layout)}.${leaf}`;
}

/** AutoencoderKL of `levels` levels: name in the file, with its prefix. */
export function ldmVaeName(name: string, levels: number): string {
  const [module, leaf] = splitLeaf(name);
  return `${LDM_PREFIX.vae}${vaeModule(module, levels)}.${leaf}`;
}

function vaeModule(module: string, levels: number): string {
  const found = /^(encoder|decoder)\.(.+)$/.exec(module);
  if (!found) return module;
  const [, half, rest] = found;
  if (rest in VAE_FIXED) return `${half}.${VAE_FIXED[rest]}`;
  const mid = /^mid_block\.(resnets|attentions)\.(\d+)\.(.+)$/.exec(rest);
  if (mid) {
    const [, member, index, inner] = mid;
    if (member === 'attentions') return `${half}.mid.attn_1.${VAE_ATTENTION[inner] ?? inner}`;
    return `${half}.mid.block_${Number(index) + 1}.${vaeResnet(inner)}`;
  }
  const block = /^(?:down|up)_blocks\.(\d+)\.(resnets|downsamplers|upsamplers)\.(\d+)\.(.+)$/.exec(rest);
  if (!block) return module;
  const [, index, member, j, inner] = block;
  // The decoder counts its levels from the full resolution, diffusers from the latent.
  const level = half === 'encoder' ? Number(index) : levels - 1 - Number(index);
  const at = half === 'encoder' ? `encoder.down.${level}` : `decoder.up.${level}`;
  if (member === 'downsamplers') return `${at}.downsample.conv`;
  if (member === 'upsamplers') return `${at}.upsample.conv`;
  return `${at}.block.${j}.${vaeResnet(inner)}`;
}

const vaeResnet = (module: string): string => (module === 'conv_shortcut' ? 'nin_shortcut' : module);

/** CLIPTextModel: the names a single file may hold it under, newest first. */
export function ldmTextNames(name: string): string[] {
  return [`${LDM_PREFIX.text}${name}`, `${LDM_PREFIX.text}${name.replace(/^text_model\./, '')}`];
}
