// A flag's reason in the window's language, from the numbers of the checks.

import type { Texts } from '../../texts/index.ts';
import { numbersOf, type ReviewedPicture } from './order.ts';

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Null where the numbers do not tell: then the name of the flag must do. */
export function whyOf(t: Texts['review'], picture: ReviewedPicture, flag: string): string | null {
  const { changed, contrast, area, outside } = numbersOf(picture);
  if (flag === 'outside' && outside !== null) return t.why.outside(outside.toLocaleString());
  if (flag === 'area' && area !== null) return t.why.area(area.toFixed(area < 10 ? 2 : 0));
  if (flag === 'agreement' && changed !== null) return t.why.agreement(percent(changed));
  if (flag === 'contrast' && contrast !== null)
    return (contrast < 1 ? t.why.faint : t.why.strong)(percent(contrast));
  return flag === 'empty-mask' ? t.why.empty : null;
}
