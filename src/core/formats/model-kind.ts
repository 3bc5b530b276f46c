// What a safetensors file is, told from the names it holds: a model we can use, or something else with its name.

export type ModelKind =
  | 'sd1-checkpoint'
  | 'sd2-checkpoint'
  | 'sdxl-checkpoint'
  | 'sd3-checkpoint'
  | 'flux-checkpoint'
  | 'controlnet'
  | 'lora'
  | 'embedding'
  | 'unet'
  | 'vae'
  | 'text-encoder'
  | 'unknown';

/** The first rule that fits decides. Each says a kind and a name (or start of one) that only this kind has. */
const RULES: readonly (readonly [kind: ModelKind, mark: RegExp])[] = [
  [
    'lora',
    /\.(lora_down|lora_up|lora_A|lora_B|hada_w1_a|lokr_w1|lora\.down|lora\.up)\b|_lora\.(down|up)\.weight$/,
  ],
  ['embedding', /^(emb_params|string_to_param|clip_l|clip_g)$/],
  [
    'controlnet',
    /^(control_model\.|controlnet_cond_embedding\.|controlnet_down_blocks\.|input_hint_block\.)/,
  ],
  ['sdxl-checkpoint', /^(conditioner\.embedders\.|model\.diffusion_model\.label_emb\.)/],
  ['sd3-checkpoint', /^(model\.diffusion_model\.)?joint_blocks\./],
  ['flux-checkpoint', /^(model\.diffusion_model\.)?double_blocks\./],
  ['sd2-checkpoint', /^cond_stage_model\.model\./],
  ['sd1-checkpoint', /^model\.diffusion_model\.input_blocks\./],
  ['unet', /^(down_blocks\.0\.resnets|input_blocks\.0\.0)\./],
  ['vae', /^(first_stage_model\.)?(encoder\.(down_blocks|down)|decoder\.(up_blocks|up))\./],
  ['text-encoder', /^(text_model\.)?embeddings\.token_embedding\./],
];

/** Kind of a file by its tensor names. One name under angle brackets alone is a textual inversion. */
export function modelKind(names: readonly string[]): ModelKind {
  for (const [kind, mark] of RULES) if (names.some((name) => mark.test(name))) return kind;
  if (names.length === 1 && !names[0].includes('.')) return 'embedding';
  return 'unknown';
}

/** How a kind is called in messages. */
export const KIND_TITLES: Readonly<Record<ModelKind, string>> = {
  'sd1-checkpoint': 'a Stable Diffusion 1.x checkpoint',
  'sd2-checkpoint': 'a Stable Diffusion 2 checkpoint (OpenCLIP text encoder)',
  'sdxl-checkpoint': 'a Stable Diffusion XL checkpoint',
  'sd3-checkpoint': 'a Stable Diffusion 3 checkpoint',
  'flux-checkpoint': 'a Flux checkpoint',
  controlnet: 'a ControlNet',
  lora: 'a LoRA',
  embedding: 'a text embedding',
  unet: 'a U-Net alone',
  vae: 'an autoencoder alone',
  'text-encoder': 'a text encoder alone',
  unknown: 'a file of weights of an unknown kind',
};
