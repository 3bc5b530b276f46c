// Settings of the detectors with their defaults; what the papers fix and what is ours is in decision 0019.

import { AppError } from '../../core/base/errors.ts';

export const DETECTOR_KINDS = ['unet', 'draem', 'destseg', 'memory'] as const;
export type DetectorKind = (typeof DETECTOR_KINDS)[number];

export interface DetectorSettings {
  /** Side of the window, px; a multiple of 32. */
  readonly window: number;
  readonly steps: number;
  /** Windows of a step, half of them good; even. */
  readonly batch: number;
  /** Peak learning rate, then cosine. */
  readonly rate: number;
  readonly weightDecay: number;
  /** Decay of the moving average of the weights, which is what is kept; it starts lower. */
  readonly average: number;
  /** Base width of the trained network; of DRAEM's U-Net, of DeSTSeg's student and head. */
  readonly width: number;
  /** Base width of DRAEM's autoencoder. */
  readonly reconstructionWidth: number;
  /** Share of the steps in which DeSTSeg trains its student; the head's come after. */
  readonly studentShare: number;
  /** Share of the defect windows that DRAEM and DeSTSeg draw themselves (foreign textures under Perlin masks). */
  readonly procedural: number;
  /** Defect probability below which a pixel of a weak box costs nothing. */
  readonly weakThreshold: number;
  /** Share of a step's windows that are good. */
  readonly good: number;
  /** Good windows and rows of the memory (`memory`). */
  readonly memoryWindows: number;
  readonly memoryRows: number;
  /** Overlap of neighbouring windows of a whole picture, share of the window's side. */
  readonly overlap: number;
}

const COMMON = {
  window: 128,
  steps: 260,
  batch: 8,
  rate: 2e-3,
  weightDecay: 0.01,
  average: 0.98,
  width: 16,
  reconstructionWidth: 16,
  studentShare: 0.4,
  procedural: 0,
  weakThreshold: 0.1,
  good: 0.5,
  memoryWindows: 64,
  memoryRows: 1000,
  overlap: 0.25,
};

export const DETECTOR_DEFAULTS: Readonly<Record<DetectorKind, DetectorSettings>> = {
  unet: COMMON,
  draem: { ...COMMON, steps: 400, rate: 1e-3, procedural: 0.5 },
  destseg: { ...COMMON, steps: 400, procedural: 0.5 },
  memory: { ...COMMON, steps: 0 },
};

/** The defaults of a kind with what differs; a number no training could work with is refused. */
export function checkedSettings(
  kind: DetectorKind,
  differing: Partial<DetectorSettings> = {},
): DetectorSettings {
  const defaults = DETECTOR_DEFAULTS[kind];
  const settings = { ...defaults, ...differing };
  const refuse = (what: string): never => {
    throw new AppError('usage', `detector setting ${what}`, { hint: 'Leave it out to get the default.' });
  };
  for (const [name, value] of Object.entries(settings)) {
    if (!(name in defaults)) {
      throw new AppError('usage', `there is no detector setting ${name}`, {
        hint: `Known ones: ${Object.keys(defaults).join(', ')}.`,
      });
    }
    if (!Number.isFinite(value)) refuse(`${name} must be a number, not ${value}`);
  }
  const {
    window,
    steps,
    batch,
    rate,
    width,
    overlap,
    good,
    procedural,
    reconstructionWidth,
    average,
    studentShare,
  } = settings;
  const { memoryWindows, memoryRows } = settings;
  if (!(Number.isInteger(window) && window >= 32 && window % 32 === 0))
    refuse(`window must be a multiple of 32, not ${window}`);
  if (!(Number.isInteger(steps) && steps >= 0)) refuse(`steps must be a whole number, not ${steps}`);
  if (!(Number.isInteger(batch) && batch >= 2 && batch % 2 === 0)) refuse(`batch must be even, not ${batch}`);
  if (!(Number.isInteger(width) && width >= 8 && width % 8 === 0))
    refuse(`width must be a multiple of 8, not ${width}`);
  if (!(rate > 0)) refuse(`rate must be above 0, not ${rate}`);
  if (!(overlap >= 0 && overlap <= 0.75)) refuse(`overlap must be in 0..0.75, not ${overlap}`);
  if (!(good >= 0 && good < 1)) refuse(`good must be in 0..1, not ${good}`);
  if (!(procedural >= 0 && procedural <= 1)) refuse(`procedural must be in 0..1, not ${procedural}`);
  if (!(Number.isInteger(reconstructionWidth) && reconstructionWidth >= 1))
    refuse(`reconstructionWidth must be a whole number, not ${reconstructionWidth}`);
  if (!(average >= 0 && average < 1)) refuse(`average must be in 0..1, not ${average}`);
  if (!(studentShare >= 0 && studentShare <= 1)) refuse(`studentShare must be in 0..1, not ${studentShare}`);
  if (!(Number.isInteger(memoryWindows) && memoryWindows >= 1))
    refuse(`memoryWindows must be a whole number, not ${memoryWindows}`);
  if (!(Number.isInteger(memoryRows) && memoryRows >= 1 && memoryRows <= 20_000))
    refuse(`memoryRows must be a whole number up to 20000, not ${memoryRows}`);
  return settings;
}
