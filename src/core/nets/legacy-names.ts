// Names of weights in older (and the newest) files -> the names our builders declare.

/** Attention of autoencoders as published SD 1.x files name it. */
const OLD_ATTENTION: Readonly<Record<string, string>> = {
  query: 'to_q',
  key: 'to_k',
  value: 'to_v',
  proj_attn: 'to_out.0',
};

/** AutoencoderKL: `...mid_block.attentions.0.query.weight` -> `...to_q.weight`; other names unchanged. */
export function autoencoderWeightName(stored: string): string {
  return stored.replace(
    /(\.attentions\.\d+\.)(query|key|value|proj_attn)(\.(?:weight|bias))$/,
    (_all, head: string, name: string, tail: string) => head + OLD_ATTENTION[name] + tail,
  );
}

/** CLIPTextModel: adds the `text_model.` that transformers 5 drops; null for buffers that are no weights. */
export function textWeightName(stored: string): string | null {
  if (stored.endsWith('embeddings.position_ids')) return null;
  return stored.startsWith('text_model.') ? stored : `text_model.${stored}`;
}
