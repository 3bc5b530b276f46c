// The words of a proof: which training sets are compared, by which numbers, and what is concluded.

/** Training sets by id, in the order they are shown. `real+seas` and `real+accepted` are there where something was made. */
export const PROOF_ARMS = [
  'real',
  'real+procedural',
  'real+paste',
  'real+windows',
  'real+blend',
  'real+seas',
  'real+accepted',
] as const;
export type ProofArm = (typeof PROOF_ARMS)[number];

/** What a proof compares where nothing is named: the baseline, the cheap rivals and the two default generators. */
export const DEFAULT_ARMS: readonly ProofArm[] = [
  'real',
  'real+procedural',
  'real+paste',
  'real+windows',
  'real+blend',
];

/** Arms whose defects a learned network draws: the ones the verdict is about. */
export const GENERATED_ARMS: readonly ProofArm[] = [
  'real+windows',
  'real+blend',
  'real+seas',
  'real+accepted',
];

/**
 * Each 0..1, larger is better.
 * - `iou`: pooled over all test pixels at the best threshold
 * - `iouFixed`: pooled, at the threshold chosen on validation pictures
 * - `iouPerImageBest`: mean over defect pictures of the best IoU each reaches at a threshold of its own
 * - `pixelAp`, `pixelAuroc`, `f1Max`: over all test pixels pooled
 * - `pro`: per-region overlap up to a false positive rate of 0.3, divided by it
 * - `imageAuroc`, `imageAp`, `imageF1Max`: over pictures
 */
export const PROOF_METRICS = [
  'iou',
  'iouFixed',
  'iouPerImageBest',
  'pixelAp',
  'pixelAuroc',
  'f1Max',
  'pro',
  'imageAuroc',
  'imageAp',
  'imageF1Max',
] as const;
export type ProofMetric = (typeof PROOF_METRICS)[number];

/** Null where a number is not defined, for example image AUROC without good test pictures. */
export type MetricValues = Record<ProofMetric, number | null>;

/** Mean over seeds with the 95 % interval of the paired bootstrap over pictures and seeds. */
export interface Interval {
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
}

/** `lo` and `hi` are null before a second picture or seed could vary them. */
export interface MetricSummary {
  readonly mean: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** One value per seed, in the order of the seeds; shorter while the proof runs. */
  readonly seeds: (number | null)[];
}

export type ArmSummary = Record<ProofMetric, MetricSummary>;

/** Difference of an arm to another in `iou`, in points (hundredths); positive: the arm is better. */
export interface Comparison {
  readonly arm: ProofArm;
  readonly against: ProofArm;
  readonly points: Interval;
}

/**
 * `gain`: the best generated arm beats real only and no cheap rival beats it; `gain-not-over-rivals`: it beats real only
 * but a rival is significantly better; `no-gain`: the interval holds 0; `harm`: it is significantly worse; `not-scored`:
 * nothing could be measured.
 */
export const VERDICTS = ['gain', 'gain-not-over-rivals', 'no-gain', 'harm', 'not-scored'] as const;
export type VerdictCode = (typeof VERDICTS)[number];

export interface Conclusion {
  readonly code: VerdictCode;
  /** The generated arm it is about. */
  readonly arm: ProofArm | null;
  /** Its difference to real only, in IoU points. */
  readonly points: Interval | null;
  /** The cheap rival that is significantly better, where there is one. */
  readonly rival: ProofArm | null;
}

export const PROOF_PRESETS = ['quick', 'balanced', 'best'] as const;
export type ProofPreset = (typeof PROOF_PRESETS)[number];

/** Why two pictures must not lie on different sides of the split. */
export const LEAK_KINDS = ['same-picture', 'near-duplicate', 'same-part'] as const;
export type LeakKind = (typeof LEAK_KINDS)[number];
