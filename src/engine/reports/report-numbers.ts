// The report's table of numbers: what training and checks measured, against the bars they have to meet.

import type { JsonObject, JsonValue } from '../../core/domain/json.ts';
import { AREA_RANGE, CONTRAST_RANGE, MIN_AGREEMENT } from '../../core/recipes/windows/checks.ts';
import { median } from '../../core/recipes/windows/measure.ts';
import { DEMO_FAMILY } from '../../core/render/demo-product.ts';
import type { ReportJob, StoredPicture } from '../services.ts';
import type { ReportNumber } from './demo-report.ts';
import { type Measured, measuredOf, numberOf, percent, within } from './picture-checks.ts';

/** Held-out loss must fall by this share (the lowest of the bars of the sets it was measured on). */
const LOSS_FALL = 0.12;
/** Of the mask network on rendered defects; on a user's product its agreement is reported, not judged. */
const MASK_IOU = 0.5;
const PICTURES = 60;

export function reportNumbers(job: ReportJob): ReportNumber[] {
  return [
    ...trainingNumbers(job),
    ...pictureNumbers(job.generated),
    ...seasNumbers(job.seas),
    ...totals(job.numbers),
  ];
}

function trainingNumbers({ numbers, product, shots }: ReportJob): ReportNumber[] {
  const training = objectOf(numbers.training);
  const masks = objectOf(training.maskNetwork);
  const fall = numberOf(training.heldOutLossFall);
  const change = numberOf(training.largestWeightChange);
  const iou = numberOf(masks.iou);
  const rendered = product === DEMO_FAMILY;
  return [
    { label: 'defect photos trained on', value: String(shots.length) },
    { label: 'fine-tuning steps', value: shown(training.steps, 0) },
    { label: 'held-out v-loss before the fine-tune', value: shown(training.heldOutLossBefore, 4) },
    { label: 'held-out v-loss after it', value: shown(training.heldOutLossAfter, 4) },
    {
      label: 'fall of the held-out v-loss',
      value: fall === null ? UNKNOWN : percent(fall),
      bar: `at least ${percent(LOSS_FALL)}`,
      ok: fall === null ? null : fall >= LOSS_FALL,
    },
    {
      label: "largest change of a weight against the pack's",
      value: change === null ? UNKNOWN : change.toPrecision(3),
      bar: 'above 0',
      ok: change === null ? null : change > 0,
    },
    {
      label: 'IoU of the mask network (RMP) on held-out defects',
      value: iou === null ? UNKNOWN : `${iou.toFixed(3)} (${shown(masks.windows, 0)} windows)`,
      bar: rendered ? `at least ${MASK_IOU}` : 'reported, no bar on real sets',
      ok: iou === null || !rendered ? null : iou >= MASK_IOU,
    },
  ];
}

function pictureNumbers(generated: readonly StoredPicture[]): ReportNumber[] {
  const measured = generated.map(measuredOf);
  const outside = column(measured, 'outside');
  const changed = outside.reduce((a, b) => a + b, 0);
  const middle = (name: keyof Measured): number | null => {
    const values = column(measured, name);
    return values.length === 0 ? null : median(values);
  };
  const [agreement, contrast, area] = [middle('agreement'), middle('contrast'), middle('area')];
  return [
    {
      label: 'pictures made by windows',
      value: String(generated.length),
      bar: `at least ${PICTURES}`,
      ok: generated.length >= PICTURES,
    },
    ...flagNumbers('windows', generated),
    {
      label: 'pixels changed outside the edit regions',
      value: outside.length === 0 ? UNKNOWN : `${changed} (${outside.length} pictures checked)`,
      bar: '0',
      ok: outside.length === 0 ? null : changed === 0 && outside.length === generated.length,
    },
    {
      label: 'share of the mask visibly changed, median',
      value: agreement === null ? UNKNOWN : percent(agreement),
      bar: `at least ${percent(MIN_AGREEMENT)}`,
      ok: agreement === null ? null : agreement >= MIN_AGREEMENT,
    },
    ratio('contrast against the real defects, median', contrast, CONTRAST_RANGE),
    ratio('mask area against the real median, median', area, AREA_RANGE),
  ];
}

function seasNumbers(seas: readonly StoredPicture[]): ReportNumber[] {
  if (seas.length === 0) return [];
  return [{ label: 'pictures made by seas', value: String(seas.length) }, ...flagNumbers('seas', seas)];
}

function flagNumbers(name: string, pictures: readonly StoredPicture[]): ReportNumber[] {
  const flagged = pictures.filter((p) => p.flags.length > 0).length;
  const counts = new Map<string, number>();
  for (const flag of pictures.flatMap((p) => p.flags)) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  const reasons = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { label: `${name}: flagged`, value: `${flagged} of ${pictures.length}` },
    ...reasons.map(([flag, count]) => ({ label: `${name}: flagged for ${flag}`, value: String(count) })),
  ];
}

function totals(numbers: JsonObject): ReportNumber[] {
  return [
    { label: 'pictures accepted', value: shown(numbers.accepted, 0) },
    { label: 'files exported and verified', value: shown(numbers.exportedFiles, 0) },
  ];
}

function ratio(label: string, value: number | null, range: readonly [number, number]): ReportNumber {
  return {
    label,
    value: value === null ? UNKNOWN : value.toFixed(2),
    bar: `${range[0]} to ${range[1]}`,
    ok: value === null ? null : within(value, range),
  };
}

function column(measured: readonly Measured[], name: keyof Measured): number[] {
  return measured.map((m) => m[name]).filter((v) => v !== null);
}

const UNKNOWN = 'not measured';

function shown(value: JsonValue | undefined, digits: number): string {
  return numberOf(value)?.toFixed(digits) ?? UNKNOWN;
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
