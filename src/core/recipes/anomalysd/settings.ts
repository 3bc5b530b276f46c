// Every choice of AnomalySD that the published text leaves open, with our value (decision 0017). All can be set.

import { AppError } from '../../base/errors.ts';
import { type Limits, type Setting, withSettings } from '../settings.ts';

export type AnomalySdSettings = {
  /** Rate of the U-Net, of the learned token, and of the decoder. */
  readonly rate: number;
  readonly tokenRate: number;
  readonly decoderRate: number;
  /** Mean of the loss over the whole latent (as in the paper), or over the holes alone. */
  readonly lossMean: string;
  /** Weight of the perceptual term of the decoder's loss. */
  readonly perceptualWeight: number;
  /** Share of training holes that are rectangles; the others are halves and cells of the grids used later. */
  readonly rectangleShare: number;
  /** Side of a rectangle and area of all, shares of the window. */
  readonly rectangleLeast: number;
  readonly rectangleMost: number;
  readonly holeLeast: number;
  readonly holeMost: number;
  /** Share of training rows without words, which makes guidance possible. */
  readonly dropWords: number;
  /** Turns and mirrors of good windows in training and among the prototypes. */
  readonly turns: boolean;
  /** Prompts of the two levels on models that read English; {} is the product. */
  readonly promptOverall: string;
  readonly promptDetail: string;
  /** Native px per window side; 0: a third of the picture's short side, at least the model's own. */
  readonly windowPx: number;
  /** Share by which neighbouring windows overlap. */
  readonly overlap: number;
  /** Grids of the full mode (every cell by itself) and of the fast one (both halves of a checkerboard). */
  readonly scalesFull: string;
  readonly scalesFast: string;
  /** Sampling starts at this share of the schedule from the noised picture; 1: from pure noise. */
  readonly lambda: number;
  /** Steps of the whole schedule; lambda of them are taken. */
  readonly samplerSteps: number;
  readonly eta: number;
  /** 1: none. */
  readonly guidance: number;
  /** What the repair is compared with: the picture, or what the decoder makes of the picture's own latent. */
  readonly against: string;
  /**
   * How far a repair is from the picture: in `pixels`, or in the base model's features, as `unit` vectors (LPIPS's form)
   * or `scaled` by each channel's variance on good windows.
   */
  readonly difference: string;
  /** Side of the square that pixels or cells of a feature map are averaged over first; odd. */
  readonly differenceBlur: number;
  /** Added to each scale's map in the harmonic mean. */
  readonly epsilon: number;
  /** Weight of the prototype-guided map. */
  readonly alpha: number;
  /** Prototypes kept at most. */
  readonly prototypes: number;
  /** Quantile of good patches' distances above which a patch belongs to the prototype-guided mask. */
  readonly prototypeQuantile: number;
  /** Growth of that mask, share of the window. */
  readonly prototypeGrow: number;
  /** Sigma of the blur before the maximum is taken as the score, share of the window. */
  readonly scoreBlur: number;
};

const BASE: AnomalySdSettings = {
  rate: 3e-4,
  tokenRate: 1e-2,
  decoderRate: 1e-4,
  lossMean: 'all',
  perceptualWeight: 0.1,
  rectangleShare: 0.5,
  rectangleLeast: 0.1,
  rectangleMost: 0.4,
  holeLeast: 0.05,
  holeMost: 0.5,
  dropWords: 0.1,
  turns: true,
  promptOverall: 'A perfect {}.',
  promptDetail: 'A {} with intact surface and edges.',
  windowPx: 0,
  overlap: 0.125,
  scalesFull: '1,2,4,8',
  scalesFast: '2,4',
  lambda: 0.6,
  samplerSteps: 10,
  eta: 0,
  guidance: 1,
  against: 'picture',
  difference: 'pixels',
  differenceBlur: 3,
  epsilon: 1e-6,
  alpha: 0.3,
  prototypes: 8192,
  prototypeQuantile: 0.99,
  prototypeGrow: 1 / 64,
  scoreBlur: 1 / 64,
};

/** Where the two kinds of base model differ. */
export const ANOMALYSD_DEFAULTS: Readonly<Record<'window' | 'picture', AnomalySdSettings>> = {
  window: BASE,
  picture: { ...BASE, rate: 1e-5, tokenRate: 1e-3, samplerSteps: 50, guidance: 7.5 },
};

const SHARE = [0, 1] as const;
const RATE = [0, 1] as const;
const LIMITS: Limits<AnomalySdSettings> = {
  rate: RATE,
  tokenRate: RATE,
  decoderRate: RATE,
  lossMean: ['all', 'hole'],
  perceptualWeight: [0, 100],
  rectangleShare: SHARE,
  rectangleLeast: [0.01, 1],
  rectangleMost: [0.01, 1],
  holeLeast: SHARE,
  holeMost: [0.01, 1],
  dropWords: SHARE,
  windowPx: [0, 65_535],
  overlap: [0, 0.75],
  lambda: [0.02, 1],
  samplerSteps: [1, 1000],
  eta: SHARE,
  guidance: [1, 50],
  against: ['picture', 'reconstruction'],
  difference: ['pixels', 'unit', 'scaled'],
  differenceBlur: [1, 15],
  epsilon: [1e-12, 1],
  alpha: SHARE,
  prototypes: [16, 200_000],
  prototypeQuantile: SHARE,
  prototypeGrow: [0, 0.5],
  scoreBlur: [0, 0.5],
};

/** Settings over those of a base model's kind, or over those a model was trained with. */
export function anomalySdSettings(
  over: AnomalySdSettings,
  given: Readonly<Record<string, Setting>> = {},
): AnomalySdSettings {
  const settings = withSettings(over, LIMITS, given);
  for (const name of ['scalesFast', 'scalesFull'] as const) gridScales(settings[name], name);
  if (settings.differenceBlur % 2 !== 1)
    throw new AppError('usage', 'the setting differenceBlur must be an odd whole number');
  return settings;
}

/** "2,4" -> [2, 4]: cells per side. */
export function gridScales(text: string, name = 'scales'): number[] {
  const scales = text.split(',').map((part) => Number(part.trim() || Number.NaN));
  if (scales.every((k) => Number.isInteger(k) && k >= 1 && k <= 16)) return scales;
  throw new AppError(
    'usage',
    `the setting ${name} must be whole numbers from 1 to 16 such as 2,4, not "${text}"`,
  );
}
