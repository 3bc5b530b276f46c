// What is checked of a picture whose mask was predicted: area and contrast against the real defects.

import type { PictureFlag } from '../../core/domain/picture-flags.ts';
import { type Mask, maskArea, maskBounds, type Raster } from '../../core/image/raster.ts';
import { AREA_RANGE, CONTRAST_RANGE, type RealStats } from '../../core/recipes/windows/checks.ts';
import { contrastOf } from '../../core/recipes/windows/measure.ts';

export function maskChecks(raster: Raster, mask: Mask, real: RealStats, white: number) {
  const areaRatio = maskArea(mask) / real.medianArea;
  const contrastRatio = contrastOf(raster, mask, null, white) / Math.max(1e-6, real.contrast);
  const reasons: string[] = [];
  const flags: PictureFlag[] = [];
  const flag = (code: PictureFlag, reason: string) => {
    flags.push(code);
    reasons.push(reason);
  };
  if (maskArea(mask) === 0) flag('empty-mask', 'the mask network saw no defect');
  else {
    if (areaRatio < AREA_RANGE[0] || areaRatio > AREA_RANGE[1])
      flag(
        'area',
        `predicted mask is ${areaRatio.toFixed(2)} times the real median, wanted ${AREA_RANGE.join('-')}`,
      );
    if (contrastRatio < CONTRAST_RANGE[0] || contrastRatio > CONTRAST_RANGE[1])
      flag(
        'contrast',
        `contrast is ${contrastRatio.toFixed(2)} of the real one, wanted ${CONTRAST_RANGE.join('-')}`,
      );
  }
  return {
    flags,
    checks: { outside: null, agreement: null, bounds: maskBounds(mask), areaRatio, contrastRatio, reasons },
  };
}
