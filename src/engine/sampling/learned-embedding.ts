// What AnoGen learned, opened for generation: networks with the new vectors, prompts, working scale.

import { AppError } from '../../core/base/errors.ts';
import { mergeAdapters } from '../../core/recipes/adapters.ts';
import { type AnoGenSettings, anoGenSettings } from '../../core/recipes/anogen/settings.ts';
import type { Setting } from '../../core/recipes/settings.ts';
import { TOKEN_ROWS } from '../../core/recipes/token-rows.ts';
import { TABLE } from '../../core/recipes/trainable-denoiser.ts';
import type { ProductKind } from '../../core/recipes/windows/foreground.ts';
import { fixedScale, type WorkingScale } from '../../core/recipes/windows/working-scale.ts';
import { sharedCopy } from '../../core/tensor/shared.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { openBackbone } from '../backbones/open-backbone.ts';
import type { GenerateRequest } from '../services.ts';
import { type DefectPrompts, defectPrompts } from '../training/anogen/prompts.ts';
import { readWeightsFile } from '../training/seas/networks.ts';

export interface LearnedEmbedding {
  readonly backbone: Backbone;
  /** `unet/...` and `text/...`, the new rows behind the table. */
  readonly weights: Record<string, Float32Array>;
  readonly autoencoder: Record<string, Float32Array>;
  readonly prompts: DefectPrompts;
  readonly types: readonly string[];
  readonly settings: AnoGenSettings;
  readonly scale: WorkingScale;
  readonly kind: ProductKind;
  readonly white: number;
}

interface Config {
  readonly windowPx: number;
  readonly typicalPx: number;
  readonly kind: ProductKind;
  readonly white: number;
  readonly settings: AnoGenSettings;
}

/** Settings that generation may change. */
const OF_DRAWING: readonly string[] = [
  'samplerSteps',
  'eta',
  'guidance',
  'feather',
  'paste',
  'boxRange',
  'onProduct',
] satisfies (keyof AnoGenSettings)[];

/** Throws usage for a setting of training. */
export function drawingSettings(
  learned: AnoGenSettings,
  given: Readonly<Record<string, Setting>>,
): AnoGenSettings {
  const wrong = Object.keys(given).find((name) => Object.hasOwn(learned, name) && !OF_DRAWING.includes(name));
  if (wrong === undefined) return anoGenSettings(learned, given);
  throw new AppError('usage', `the setting ${wrong} belongs to training, not to generation`, {
    hint: `Here can be set: ${OF_DRAWING.join(', ')}.`,
  });
}

export function openEmbedding(request: GenerateRequest): LearnedEmbedding {
  const { tokenSet, pack } = request;
  if (!tokenSet)
    throw new AppError('usage', 'this generator needs a fine-tune', {
      hint: 'Run "flawsmith train --method anogen" first.',
    });
  const config = tokenSet.config as unknown as Config;
  const backbone = openBackbone(pack);
  const settings = drawingSettings(config.settings, request.settings ?? {});
  const prompts = defectPrompts(backbone, tokenSet.types.length, settings);
  const { [TOKEN_ROWS]: rows, ...adapters } = readWeightsFile(tokenSet.files['embedding.safetensors']);
  const base = backbone.denoiserWeights();
  const weights = Object.fromEntries(Object.entries(base).map(([name, w]) => [name, sharedCopy(w)]));
  if (settings.adapterRank > 0) mergeAdapters(weights, adapters, settings.adapterRank);
  const table = new Float32Array(base[TABLE].length + rows.length);
  table.set(base[TABLE]);
  table.set(rows, base[TABLE].length);
  weights[TABLE] = sharedCopy(table);
  return {
    backbone,
    weights,
    autoencoder: backbone.autoencoderWeights(),
    prompts,
    types: tokenSet.types,
    settings,
    scale: fixedScale(backbone.size / config.windowPx, backbone.size, config.typicalPx),
    kind: config.kind,
    white: config.white,
  };
}
