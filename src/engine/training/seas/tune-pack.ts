// The lowerings a fine-tune on a pack runs with: measured on this PC the first time, then remembered.

import { differentiated } from '../../../core/autodiff/step-program.ts';
import { TOKENS_PER_TYPE } from '../../../core/recipes/seas/prompts.ts';
import { openPack } from '../../packs/pack.ts';
import { cachedLowerings, keepLowerings } from '../../runtime/lowering-cache.ts';
import { tune } from '../../runtime/tuner.ts';
import type { PackInfo, TuneCall } from '../../services.ts';
import { divided, fineTuneProgram, partsOf } from './fine-tune-program.ts';
import { networksFor } from './plan-memory.ts';
import { SEAS_PRESETS } from './preset.ts';

/** Lowering by key, where it is not the first. Throws the signal's reason. */
export async function tunePack(pack: PackInfo, call: TuneCall): Promise<Record<string, string>> {
  const subject = JSON.stringify(openPack(pack.path).unet);
  const known = cachedLowerings(subject);
  if (known) return known;
  const preset = SEAS_PRESETS.quick;
  const rows = divided(preset.rows, partsOf(preset.rows)[0]);
  const shape = { rows, tokensPerPrompt: 1 + TOKENS_PER_TYPE, preset, adapterRank: 0 };
  const { trained } = fineTuneProgram(networksFor(openPack(pack.path), 1), shape);
  const { choices, disagreements } = await tune([differentiated(trained)], call.signal, call.onProgress);
  for (const sentence of disagreements) call.onDisagreement?.(sentence);
  keepLowerings(subject, choices);
  return { ...choices };
}
