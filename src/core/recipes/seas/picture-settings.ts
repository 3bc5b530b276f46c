// SeaS's parameters on whole pictures with their published defaults (methods.md 1.2 to 1.8); all can be set.

import { AppError } from '../../base/errors.ts';
import { type Limits, type Setting, withSettings } from '../settings.ts';

export type SeasPictureSettings = {
  /** Anomaly tokens per defect type. */
  readonly tokens: number;
  /** Pictures of one update; 0: the preset's. */
  readonly anomalies: number;
  readonly normals: number;
  /** Good pictures that are learned from, at most. */
  readonly goodPictures: number;
  /** Which good picture goes with a defect: any, or always the same (as the released loader has it). */
  readonly pairing: string;
  /** Quarter turns and flips; off for products that always lie the same way (VisA in the paper). */
  readonly augment: boolean;
  /** Of a picture that is not square: its middle (as released), or all of it, squeezed. */
  readonly fit: string;
  /** Latents are drawn from the autoencoder's posterior (as released), or are its mean. */
  readonly posterior: boolean;
  /** Pixels on which the product's token must not look: M == 1 (MVTec AD), or M > 0 (VisA, small defects). */
  readonly region: string;
  /** Weights of L_NA and of the DA terms. */
  readonly normalWeight: number;
  readonly alignment: number;
  /** Share of rows without words. */
  readonly dropWords: number;
  /** Learning rates: whole U-Net, adapters, token table, mask network. */
  readonly rate: number;
  readonly adapterRate: number;
  readonly tokenRate: number;
  readonly maskRate: number;
  /** `constant`, or `cosine` after a warm-up of this many updates. */
  readonly schedule: string;
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest global norm of the gradients; 0: no clipping. */
  readonly clip: number;
  /** What gets adapters: the attention's projections, or every matrix and kernel. */
  readonly adapterLayers: string;
  /** Held-out pictures whose loss is measured before and after. */
  readonly heldOut: number;
  /** Updates of the mask network; 0: the preset's, in proportion. */
  readonly maskSteps: number;
  /** Pictures of one update of the mask network; 0: the preset's. */
  readonly maskAnomalies: number;
  readonly maskNormals: number;
  /** Cells that count as defect for the mask network: covered wholly (as released), or by half, thin lines kept. */
  readonly maskCells: string;
  /** The mask network: channels of both U-Net features, heads, self-attention blocks, refinements (0: the preset's). */
  readonly maskUpper: number;
  readonly maskLower: number;
  readonly maskHeads: number;
  readonly maskLayers: number;
  readonly maskRefinements: number;
  /** Sampling: steps, their spacing, guidance, entries of the schedule that the reference is noised with. */
  readonly samplerSteps: number;
  readonly spacing: string;
  readonly guidance: number;
  readonly noiseSteps: number;
  /** Last steps whose maps are averaged, and the threshold on their mean. */
  readonly maskLast: number;
  readonly maskThreshold: number;
  /** Batch norms of the mask network: stored statistics, or those of the pictures drawn together (as released). */
  readonly maskNorm: string;
  /** Pictures drawn together. */
  readonly together: number;
  /** Size of the pictures: that of the good picture, or the model's own. */
  readonly output: string;
};

export const SEAS_PICTURE_DEFAULTS: SeasPictureSettings = {
  tokens: 4,
  anomalies: 0,
  normals: 0,
  goodPictures: 60,
  pairing: 'any',
  augment: true,
  fit: 'middle',
  posterior: true,
  region: 'full',
  normalWeight: 1,
  alignment: 1,
  dropWords: 0,
  rate: 4e-6,
  adapterRate: 1e-4,
  tokenRate: 4e-5,
  maskRate: 5e-4,
  schedule: 'constant',
  warmup: 0,
  weightDecay: 0.01,
  clip: 0,
  adapterLayers: 'attention',
  heldOut: 8,
  maskSteps: 0,
  maskAnomalies: 0,
  maskNormals: 0,
  maskCells: 'half',
  maskUpper: 128,
  maskLower: 64,
  maskHeads: 8,
  maskLayers: 4,
  maskRefinements: 0,
  samplerSteps: 25,
  spacing: 'linspace',
  guidance: 8,
  noiseSteps: 1500,
  maskLast: 3,
  maskThreshold: 0.2,
  maskNorm: 'running',
  together: 1,
  output: 'source',
};

const SHARE = [0, 1] as const;
const RATE = [0, 1] as const;
const LIMITS: Limits<SeasPictureSettings> = {
  tokens: [1, 16],
  anomalies: [0, 64],
  normals: [0, 64],
  goodPictures: [1, 10_000],
  pairing: ['any', 'fixed'],
  fit: ['middle', 'whole'],
  region: ['full', 'any'],
  normalWeight: [0, 1000],
  alignment: [0, 1000],
  dropWords: SHARE,
  rate: RATE,
  adapterRate: RATE,
  tokenRate: RATE,
  maskRate: RATE,
  schedule: ['constant', 'cosine'],
  warmup: [0, 100_000],
  weightDecay: SHARE,
  clip: [0, 1e6],
  adapterLayers: ['attention', 'all'],
  heldOut: [0, 1000],
  maskSteps: [0, 100_000],
  maskAnomalies: [0, 16],
  maskNormals: [0, 16],
  maskCells: ['whole', 'half'],
  maskUpper: [1, 1024],
  maskLower: [1, 1024],
  maskHeads: [1, 64],
  maskLayers: [1, 16],
  maskRefinements: [0, 5],
  samplerSteps: [2, 1000],
  spacing: ['linspace', 'leading', 'trailing'],
  guidance: [1, 50],
  noiseSteps: [1, 10_000],
  maskLast: [1, 1000],
  maskThreshold: SHARE,
  maskNorm: ['running', 'batch'],
  together: [1, 16],
  output: ['source', 'model'],
};

/** Settings that take whole numbers only. */
const WHOLE: readonly (keyof SeasPictureSettings)[] = [
  'tokens',
  'anomalies',
  'normals',
  'goodPictures',
  'warmup',
  'heldOut',
  'maskSteps',
  'maskAnomalies',
  'maskNormals',
  'maskUpper',
  'maskLower',
  'maskHeads',
  'maskLayers',
  'maskRefinements',
  'samplerSteps',
  'noiseSteps',
  'maskLast',
  'together',
];

/** Settings that generation may change. */
const OF_DRAWING: readonly (keyof SeasPictureSettings)[] = [
  'samplerSteps',
  'spacing',
  'guidance',
  'noiseSteps',
  'maskLast',
  'maskThreshold',
  'maskNorm',
  'together',
  'output',
  'fit',
  'posterior',
];

type Given = Readonly<Record<string, Setting>>;

/** Throws usage for an unknown name or a value it cannot have. */
export function seasPictureSettings(
  given: Given = {},
  over: SeasPictureSettings = SEAS_PICTURE_DEFAULTS,
): SeasPictureSettings {
  const settings = withSettings(over, LIMITS, given);
  for (const name of WHOLE) {
    if (Number.isInteger(settings[name])) continue;
    throw new AppError('usage', `the setting ${name} must be a whole number, not ${settings[name]}`);
  }
  const width = settings.maskUpper + settings.maskLower;
  if (width % settings.maskHeads !== 0) {
    throw new AppError(
      'usage',
      `the mask network's ${width} channels (maskUpper + maskLower) cannot be divided among ${settings.maskHeads} heads`,
    );
  }
  return settings;
}

/** What a run was trained with, with what drawing may change put over it. Throws usage for a setting of training. */
export function drawingPictureSettings(learned: SeasPictureSettings, given: Given): SeasPictureSettings {
  const names: readonly string[] = OF_DRAWING;
  const wrong = Object.keys(given).find((name) => Object.hasOwn(learned, name) && !names.includes(name));
  if (wrong === undefined) return seasPictureSettings(given, learned);
  throw new AppError('usage', `the setting ${wrong} belongs to training, not to generation`, {
    hint: `Here can be set: ${OF_DRAWING.join(', ')}.`,
  });
}
