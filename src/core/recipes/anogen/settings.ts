// AnoGen's parameters with their defaults (methods.md 2.3 to 2.5, 2.8); all can be set.

import { type Limits, type Setting, withSettings } from '../settings.ts';

export type AnoGenSettings = {
  /** Learned vectors per defect type: one in the paper; a window pack's prompt has five places for words. */
  readonly vectors: number;
  /** Rate of the vectors, and of low-rank adapters where they are trained too. */
  readonly tokenRate: number;
  readonly adapterRate: number;
  /** Rank of the adapters that join the embedding; 0: the embedding alone, all networks frozen. */
  readonly adapterRank: number;
  /** What the loss counts: the defect's mask (as published), or the whole box around it. */
  readonly lossRegion: string;
  /** What its mean divides by: all elements (as released), or the counted ones. */
  readonly lossMean: string;
  /** Random room around a defect's box in training, share of its side. */
  readonly boxMargin: number;
  /** Share of training rows without words. */
  readonly dropWords: number;
  /** Sampling: steps, how much noise comes back at each, and guidance (1: none). */
  readonly samplerSteps: number;
  readonly eta: number;
  readonly guidance: number;
  /** The good picture is put back outside the box, bit for bit; false: all of the window as it was decoded (release). */
  readonly paste: boolean;
  /** Width of the blend inside the box where the good picture is put back around it, px. */
  readonly feather: number;
  /** Sizes of new boxes: those of the real defects, less and more by this share. */
  readonly boxRange: number;
  /** Share of a box that must lie on the product. */
  readonly onProduct: number;
};

const PAPER: AnoGenSettings = {
  vectors: 1,
  tokenRate: 5e-3,
  adapterRate: 1e-3,
  adapterRank: 0,
  lossRegion: 'mask',
  lossMean: 'all',
  boxMargin: 0.25,
  dropWords: 0,
  samplerSteps: 50,
  eta: 0,
  guidance: 10,
  paste: true,
  feather: 4,
  boxRange: 0.2,
  onProduct: 0.75,
};

export const ANOGEN_DEFAULTS: Readonly<Record<'window' | 'picture', AnoGenSettings>> = {
  picture: PAPER,
  // An embedding alone was measured to change nothing on the embedded pack (embedded-pack.md section 5).
  window: {
    ...PAPER,
    vectors: 5,
    tokenRate: 1e-2,
    adapterRank: 8,
    lossRegion: 'box',
    lossMean: 'region',
    dropWords: 0.1,
    samplerSteps: 25,
    eta: 1,
    guidance: 1,
  },
};

const SHARE = [0, 1] as const;
const LIMITS: Limits<AnoGenSettings> = {
  vectors: [1, 16],
  tokenRate: SHARE,
  adapterRate: SHARE,
  adapterRank: [0, 64],
  lossRegion: ['mask', 'box'],
  lossMean: ['all', 'region'],
  boxMargin: [0, 4],
  dropWords: SHARE,
  samplerSteps: [1, 1000],
  eta: SHARE,
  guidance: [1, 50],
  feather: [0, 64],
  boxRange: SHARE,
  onProduct: SHARE,
};

export const anoGenSettings = (
  over: AnoGenSettings,
  given: Readonly<Record<string, Setting>> = {},
): AnoGenSettings => withSettings(over, LIMITS, given);
