// What the importer made of an export, in words.

import type { ReadBack } from '../../contract/methods/exports.ts';

export function readBackLine({ layout, pictures, masks, exactMasks, minIou }: ReadBack): string {
  const found = `imported again as ${layout}: ${pictures} pictures with the same types`;
  if (masks === 0) return found;
  if (exactMasks === masks) return `${found}, all ${masks} masks equal in every pixel`;
  const least = ((minIou ?? 0) * 100).toFixed(1);
  return `${found}, ${exactMasks} of ${masks} masks equal in every pixel, the others at least to ${least} %`;
}
