// Alphas that newer diffusers files keep in their metadata instead of in tensors.

import { AppError } from '../../core/base/errors.ts';
import type { LoraNetwork } from '../../core/formats/lora-names.ts';

const KEY = 'lora_adapter_metadata';
const PREFIX: Readonly<Record<LoraNetwork, string>> = { unet: 'unet.', text: 'text_encoder.' };

type Json = Readonly<Record<string, unknown>>;

/** Alpha of a module as the metadata says it, or undefined. Throws unsupported where it asks for another arithmetic. */
export function loraAlphas(
  metadata: ReadonlyMap<string, string>,
  file: string,
): (network: LoraNetwork, module: string) => number | undefined {
  const text = metadata.get(KEY);
  if (text === undefined) return () => undefined;
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (cause) {
    throw new AppError('bad-weights', `the LoRA's ${KEY} is not valid JSON`, { file }, cause);
  }
  for (const key of ['use_dora', 'use_rslora']) {
    if (Object.values(PREFIX).some((prefix) => json[prefix + key] === true))
      throw new AppError('unsupported', `the LoRA asks for ${key}, which is not supported`, { file });
  }
  return (network, module) => {
    const prefix = PREFIX[network];
    const pattern = json[`${prefix}alpha_pattern`];
    const own =
      typeof pattern === 'object' && pattern !== null
        ? Object.entries(pattern as Json).find(([key]) => module === key || module.endsWith(`.${key}`))?.[1]
        : undefined;
    const alpha = own ?? json[`${prefix}lora_alpha`];
    return typeof alpha === 'number' && Number.isFinite(alpha) ? alpha : undefined;
  };
}
