// What a proof's report says, for HTML and PDF alike.

import {
  type ArmSummary,
  type MetricSummary,
  PROOF_ARMS,
  type ProofArm,
  type ProofMetric,
} from '../../core/domain/proof.ts';
import { pointsText } from '../../core/prove/verdict.ts';
import type { ProofDetails } from './details.ts';
import type { PictureQuality } from './quality.ts';

export const METRIC_NAMES: Readonly<Record<ProofMetric, string>> = {
  iou: 'IoU, best threshold',
  iouFixed: 'IoU, fixed threshold',
  iouPerImageBest: 'IoU, best per picture',
  pixelAp: 'pixel AP',
  pixelAuroc: 'pixel AUROC',
  f1Max: 'pixel F1-max',
  pro: 'PRO at 0.3',
  imageAuroc: 'image AUROC',
  imageAp: 'image AP',
  imageF1Max: 'image F1-max',
};

export const METRIC_DEFINITIONS: Readonly<Record<ProofMetric, string>> = {
  iou: 'Pixels that are defect and found, over pixels that are either; all test pixels together, at the threshold that is best for them.',
  iouFixed: 'The same at the threshold that was best on validation pictures, which are not test pictures.',
  iouPerImageBest:
    'Mean over defect pictures of the best IoU each reaches with a threshold of its own. Papers report it; it is kinder than the two above and never mixed with them.',
  pixelAp: 'Average precision over all test pixels.',
  pixelAuroc: 'Area under the ROC curve over all test pixels.',
  f1Max: 'Best F1 over all thresholds, all test pixels together.',
  pro: 'Mean share of each defect region that is found, averaged over false positive rates up to 0.3.',
  imageAuroc: 'Area under the ROC curve of the pictures, by their score.',
  imageAp: 'Average precision of the pictures.',
  imageF1Max: 'Best F1 of the pictures over all thresholds.',
};

/** Metrics with bars; the rest stand in the table. */
export const SHOWN_METRICS: readonly ProofMetric[] = ['iou', 'iouFixed', 'pixelAp', 'pro', 'imageAuroc'];

export const ARM_TEXT: Readonly<Record<ProofArm, string>> = {
  real: 'the real shots only',
  'real+procedural': 'real + foreign textures in random shapes (as DRAEM makes them)',
  'real+paste': 'real + the real defects cut out and pasted on good pictures',
  'real+windows': 'real + defects drawn into good pictures by the fine-tuned model',
  'real+blend': 'real + pasted defects redrawn by the fine-tuned model',
  'real+seas': 'real + whole windows made by the fine-tuned model (SeaS)',
  'real+accepted': 'real + the generated pictures that were accepted in review',
};

export function shownArms(proof: Pick<ProofDetails, 'arms'>): { arm: ProofArm; summary: ArmSummary }[] {
  return PROOF_ARMS.flatMap((arm) => {
    const summary = proof.arms[arm];
    return summary === undefined ? [] : [{ arm, summary }];
  });
}

/** Percent with one digit, and the interval. */
export function summaryText({ mean, lo, hi }: MetricSummary): string {
  if (mean === null) return 'not defined';
  const percent = (value: number) => (100 * value).toFixed(1);
  return lo === null || hi === null ? percent(mean) : `${percent(mean)} (${percent(lo)} to ${percent(hi)})`;
}

export function comparisonText({ arm, against, points }: ProofDetails['comparisons'][number]): string {
  return `${arm} against ${against}: ${pointsText(points)}`;
}

/** What was tested, in sentences. */
export function testedText({ split, params }: ProofDetails): string[] {
  const { types } = split;
  const scored = types.filter((type) => type.test > 0);
  const text = [
    `Training: ${params.shots} real defect ${params.shots === 1 ? 'picture' : 'pictures'} of each type, and ${split.trainingNormals} good pictures. Test: ${split.testDefects} real defect pictures and ${split.testNormals} good ones, none of them generated.`,
    `${params.seeds === 1 ? 'One seed' : `${params.seeds} seeds`}: fine-tune, generated pictures and detectors were made anew with each. Every arm trains the same detector for the same number of updates, with the same augmentation and the same real windows; where others join, a third of the defect windows are real.`,
    'Intervals are 95 %, from a paired bootstrap over test pictures and seeds.',
    ...types.map(
      ({ type, total, shots, validation, test }) =>
        `${type}: ${total} pictures, ${shots} trained on, ${validation} kept for validation, ${test} tested.`,
    ),
  ];
  if (scored.length < types.length)
    text.push(
      `Not scored, for want of test pictures: ${types
        .filter((type) => type.test === 0)
        .map((type) => type.type)
        .join(', ')}.`,
    );
  return text;
}

/** What nobody knew when this was measured. */
export function unknownText({ split, params }: ProofDetails): string[] {
  const text: string[] = [];
  if (!split.partsKnown)
    text.push(
      'Parts unknown: nothing says which pictures show the same physical part. If a part lies on both sides, the figures are too good.',
    );
  if (split.leftOut > 0)
    text.push(`${split.leftOut} test pictures were left out: their part, or a copy of them, was trained on.`);
  if (split.testNormals === 0)
    text.push('There were no good test pictures, so false alarms are not measured.');
  if (split.testDefects < 10)
    text.push(`Only ${split.testDefects} defect pictures were tested: a few of them decide the result.`);
  if (params.seeds < 3) text.push('Fewer than three seeds: chance of the training is hardly measured.');
  return text;
}

/** What was measured of one generator's pictures, in one line. */
export function qualityText({
  generator,
  pictures,
  kid,
  diversity,
  memorised,
  agreement,
}: PictureQuality): string {
  const number = (value: number | null) => (value === null ? 'not defined' : value.toFixed(4));
  const share = (value: number | null) => (value === null ? 'not defined' : `${Math.round(100 * value)} %`);
  return `${generator}: ${pictures} pictures, kernel distance ${number(kid)}, diversity ${number(diversity)} (both on the base pack's features), near copies ${share(memorised)}, change in mask ${share(agreement)}`;
}
