// Which pictures are shown, and in which order.

import type { ReviewedPicture } from '../../../contract/methods/review.ts';

export type { ReviewedPicture };

export const STATES = ['all', 'undecided', 'accepted', 'rejected'] as const;
export const ORDERS = ['worst', 'best', 'made'] as const;

/** Empty texts choose all. `flag` is `flagged`, `unflagged` or one flag. */
export type Filters = {
  state: (typeof STATES)[number];
  flag: string;
  type: string;
  generator: string;
  order: (typeof ORDERS)[number];
};

export const FIRST_FILTERS: Filters = {
  state: 'undecided',
  flag: '',
  type: '',
  generator: '',
  order: 'worst',
};

/** The type's name of pictures without a defect. */
export const GOOD = '\u0000good';

export interface Numbers {
  /** Share of the mask that visibly changed; null where nothing lies below. */
  changed: number | null;
  /** Contrast and area relative to the real ones. */
  contrast: number | null;
  area: number | null;
  outside: number | null;
}

type Checks = {
  outside?: { changed?: number } | null;
  agreement?: { changedInMask?: number; contrast?: number } | null;
  contrastRatio?: number;
  areaRatio?: number;
};

export function numbersOf({ checks }: Pick<ReviewedPicture, 'checks'>): Numbers {
  const { outside, agreement, contrastRatio, areaRatio } = checks as Checks;
  return {
    changed: agreement?.changedInMask ?? null,
    contrast: agreement?.contrast ?? contrastRatio ?? null,
    area: areaRatio ?? null,
    outside: outside?.changed ?? null,
  };
}

/** Larger is worse: every flag counts 1, doubts below a flag's limit less. */
export function badness(picture: ReviewedPicture): number {
  const { changed, contrast, area } = numbersOf(picture);
  const off = (ratio: number | null): number =>
    ratio === null ? 0 : Math.min(1, Math.abs(Math.log2(Math.max(1 / 16, ratio))) / 4);
  const unchanged = changed === null ? 0 : 1 - changed;
  return picture.flags.length + 0.4 * unchanged + 0.3 * off(contrast) + 0.2 * off(area);
}

export function chosen(pictures: readonly ReviewedPicture[], filters: Filters): ReviewedPicture[] {
  const fitting = pictures.filter((picture) => fits(picture, filters));
  if (filters.order === 'made') return fitting;
  const sign = filters.order === 'worst' ? -1 : 1;
  const scored = fitting.map((picture, i) => ({ picture, i, score: badness(picture) }));
  scored.sort((a, b) => sign * (a.score - b.score) || a.i - b.i);
  return scored.map(({ picture }) => picture);
}

export function fits(picture: ReviewedPicture, { state, flag, type, generator }: Filters): boolean {
  if (state !== 'all' && picture.status !== state) return false;
  if (flag === 'flagged' ? picture.flags.length === 0 : flag === 'unflagged' && picture.flags.length > 0)
    return false;
  if (flag !== '' && flag !== 'flagged' && flag !== 'unflagged' && !picture.flags.includes(flag))
    return false;
  if (type !== '' && (picture.type ?? GOOD) !== type) return false;
  return generator === '' || picture.generator === generator;
}

export interface Counts {
  accepted: number;
  rejected: number;
  undecided: number;
}

/** Replaced pictures have had their turn. */
export function countsOf(pictures: readonly ReviewedPicture[]): Counts {
  const counts = { accepted: 0, rejected: 0, undecided: 0 };
  for (const { status } of pictures) counts[status]++;
  return counts;
}

/** The undecided picture after `id`, beginning again at the front; null where there is no other. */
export function nextUndecided(pictures: readonly ReviewedPicture[], id: string | null): string | null {
  const at = pictures.findIndex((picture) => picture.id === id);
  for (let k = 1; k <= pictures.length; k++) {
    const picture = pictures[(at + k + pictures.length) % pictures.length];
    if (picture.status === 'undecided' && picture.id !== id) return picture.id;
  }
  return null;
}
