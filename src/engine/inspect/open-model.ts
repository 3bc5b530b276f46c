// What an AnomalySD training left behind, opened for inspection.

import { AppError } from '../../core/base/errors.ts';
import { mergeAdapters } from '../../core/recipes/adapters.ts';
import { type AnomalySdSettings, anomalySdSettings } from '../../core/recipes/anomalysd/settings.ts';
import type { Setting } from '../../core/recipes/settings.ts';
import { TOKEN_ROWS } from '../../core/recipes/token-rows.ts';
import { TABLE } from '../../core/recipes/trainable-denoiser.ts';
import type { ProductKind } from '../../core/recipes/windows/foreground.ts';
import { sharedCopy } from '../../core/tensor/shared.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { openBackbone } from '../backbones/open-backbone.ts';
import type { PackInfo, TokenSet } from '../services.ts';
import { type ClassPrompts, classPrompts } from '../training/anomalysd/prompts.ts';
import { readWeightsFile } from '../training/seas/networks.ts';

type Arrays = Record<string, Float32Array>;

export interface InspectionModel {
  readonly backbone: Backbone;
  /** `unet/...` and `text/...`, fine-tuned. */
  readonly denoiser: Arrays;
  /** The base model's encoder with the fine-tuned decoder. */
  readonly autoencoder: Arrays;
  /** The base model's own, for features and latents. */
  readonly base: Arrays;
  readonly bank: Float32Array;
  /** Per tap, of every channel on good windows. */
  readonly variances: readonly Float32Array[];
  readonly prototypeThreshold: number;
  readonly prompts: ClassPrompts;
  readonly settings: AnomalySdSettings;
  readonly windowPx: number;
  readonly kind: ProductKind;
  /** Code value of 1.0. */
  readonly white: number;
  readonly seed: number;
}

interface Config {
  readonly method: string;
  readonly product: string;
  readonly adapterRank: number;
  readonly windowPx: number;
  readonly kind: ProductKind;
  readonly white: number;
  readonly prototypeThreshold: number;
  readonly settings: AnomalySdSettings;
  readonly seed: number;
}

/** Settings that shaped the training: another value here would describe another model. */
const OF_TRAINING: readonly (keyof AnomalySdSettings)[] = [
  'rate',
  'tokenRate',
  'decoderRate',
  'lossMean',
  'perceptualWeight',
  'rectangleShare',
  'rectangleLeast',
  'rectangleMost',
  'holeLeast',
  'holeMost',
  'dropWords',
  'turns',
  'promptOverall',
  'promptDetail',
  'windowPx',
  'prototypes',
  'prototypeQuantile',
  'differenceBlur',
];

/** The model's settings with those put over that inspection reads. Throws usage. */
export function inspectionSettings(
  config: Pick<Config, 'settings'>,
  given: Readonly<Record<string, Setting>>,
): AnomalySdSettings {
  for (const name of Object.keys(given)) {
    if (!OF_TRAINING.includes(name as keyof AnomalySdSettings)) continue;
    throw new AppError('usage', `the setting ${name} belongs to training, not to inspection`, {
      hint: 'Train again with it: flawsmith train --method anomalysd --set NAME=VALUE.',
    });
  }
  return anomalySdSettings(config.settings, given);
}

/** Table with the learned row behind it. */
function withRows(table: Float32Array, rows: Float32Array | undefined): Float32Array {
  const out = new Float32Array(table.length + (rows?.length ?? 0));
  out.set(table);
  if (rows) out.set(rows, table.length);
  return out;
}

export const settingsOfModel = (tokenSet: TokenSet, given: Readonly<Record<string, Setting>>) =>
  inspectionSettings(tokenSet.config as unknown as Config, given);

export function openInspectionModel(
  tokenSet: TokenSet,
  pack: PackInfo,
  given: Readonly<Record<string, Setting>>,
): InspectionModel {
  const config = tokenSet.config as unknown as Config;
  const backbone = openBackbone(pack);
  const settings = inspectionSettings(config, given);
  const denoiser: Arrays = { ...backbone.denoiserWeights() };
  const trained = readWeightsFile(tokenSet.files['denoiser.safetensors']);
  const { [TOKEN_ROWS]: rows, ...networks } = trained;
  if (config.adapterRank > 0) {
    for (const name of Object.keys(networks)) {
      const base = name.replace(/\.lora_(up|down)$/, '');
      denoiser[base] = denoiser[base].slice();
    }
    mergeAdapters(denoiser, networks, config.adapterRank);
  } else Object.assign(denoiser, networks);
  denoiser[TABLE] = withRows(denoiser[TABLE], rows);
  const base = backbone.autoencoderWeights();
  const { bank, ...moments } = readWeightsFile(tokenSet.files['prototypes.safetensors']);
  return {
    backbone,
    denoiser: Object.fromEntries(Object.entries(denoiser).map(([n, w]) => [n, sharedCopy(w)])),
    autoencoder: { ...base, ...readWeightsFile(tokenSet.files['decoder.safetensors']) },
    base,
    bank,
    variances: Object.keys(moments).map((_, i) => moments[`variance.${i}`]),
    prototypeThreshold: config.prototypeThreshold,
    prompts: classPrompts(backbone, config.product, settings),
    settings,
    windowPx: config.windowPx,
    kind: config.kind,
    white: config.white,
    seed: config.seed,
  };
}
