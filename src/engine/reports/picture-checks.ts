// What was measured on one generated picture, as the report shows it.

import { AREA_RANGE, CONTRAST_RANGE, MIN_AGREEMENT } from '../../core/recipes/windows/checks.ts';
import type { StoredPicture } from '../services.ts';
import type { ReportCheck } from './demo-report.ts';

/** The numbers of a picture's checks; null where a generator claims or measures nothing. */
export interface Measured {
  readonly outside: number | null;
  readonly agreement: number | null;
  readonly contrast: number | null;
  readonly area: number | null;
}

export function measuredOf({ checks }: StoredPicture): Measured {
  const { outside, agreement } = checks;
  return {
    outside: outside?.changed ?? null,
    agreement: agreement?.changedInMask ?? null,
    contrast: agreement?.contrast ?? numberOf(checks.contrastRatio),
    area: numberOf(checks.areaRatio),
  };
}

export function checksOf(picture: StoredPicture): ReportCheck[] {
  const { outside, agreement, contrast, area } = measuredOf(picture);
  const checks: ReportCheck[] = [];
  if (outside !== null)
    checks.push({ name: 'pixels changed outside', value: String(outside), ok: outside === 0 });
  if (agreement !== null)
    checks.push({
      name: 'mask visibly changed',
      value: percent(agreement),
      ok: agreement >= MIN_AGREEMENT,
    });
  if (contrast !== null)
    checks.push({
      name: 'contrast / real',
      value: contrast.toFixed(2),
      ok: within(contrast, CONTRAST_RANGE),
    });
  if (area !== null)
    checks.push({ name: 'area / real', value: area.toFixed(2), ok: within(area, AREA_RANGE) });
  return checks;
}

/** Why a picture was flagged: the sentences where there are some, else the codes. */
export function reasonsOf({ flags, checks }: StoredPicture): string[] {
  const { reasons } = checks;
  const told = Array.isArray(reasons) ? reasons.filter((r) => typeof r === 'string') : [];
  return told.length >= flags.length ? told : flags;
}

export function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
