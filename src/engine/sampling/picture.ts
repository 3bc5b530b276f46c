// From a drawn defect to the picture that is stored: checks, flags, files.

import type { JsonObject } from '../../core/domain/json.ts';
import { type Mask, maskBounds, type Raster, type Rect } from '../../core/image/raster.ts';
import { checkPicture, type RealStats, VISIBLE_CHANGE } from '../../core/recipes/windows/checks.ts';
import { withStrength } from '../../core/recipes/windows/strength.ts';
import { encodeMaskPng, encodePng } from '../imaging/index.ts';
import type { GeneratedPicture } from '../services.ts';
import { AS_LEARNED, areaRangeOf, statsFor, type Wish } from './placement.ts';
import type { SourcePicture } from './sources.ts';

export interface DrawnDefect {
  readonly index: number;
  readonly seed: number;
  readonly source: SourcePicture;
  readonly result: Raster;
  readonly mask: Mask;
  readonly window: Rect | null;
  readonly recipe: JsonObject;
  /** The mask was handed over: its area is what was asked for. */
  readonly givenMask?: boolean;
  readonly wish?: Wish;
}

/** A picture with a defect put into a good one: checked against its source and the real defects. */
export async function finishDefect(
  drawn: DrawnDefect,
  real: RealStats,
  white: number,
): Promise<GeneratedPicture> {
  const { source, mask, index, seed, window, wish = AS_LEARNED } = drawn;
  const result = withStrength(source.raster, drawn.result, wish.strength);
  const recipe = wish === AS_LEARNED ? drawn.recipe : { ...drawn.recipe, ...wishFields(wish) };
  const { checks, flags } = checkPicture({
    source: source.raster,
    result,
    mask,
    real: statsFor(real, wish),
    foreground: source.foreground,
    white,
    areaRange: drawn.givenMask ? null : areaRangeOf(wish),
  });
  return {
    index,
    seed,
    width: result.width,
    height: result.height,
    image: await encodePng(result, { icc: source.icc }),
    mask: await encodeMaskPng(mask),
    sourceId: source.picture.id,
    sourceUse: 'source',
    window,
    recipe,
    checks: {
      outside: { changed: checks.outsideChanged, grownBy: checks.grownBy },
      agreement: { changedInMask: checks.agreement, contrast: checks.contrastRatio },
      bounds: maskBounds(mask),
      area: checks.area,
      areaRatio: checks.areaRatio,
      visibleThreshold: checks.threshold,
      leastVisible: VISIBLE_CHANGE,
      contrast: checks.contrast,
      contrastBefore: checks.contrastBefore,
      rimChanged: checks.rimChanged,
      reasons: flags.map((f) => f.reason),
    },
    flags: flags.map((f) => f.code),
  };
}

/** What the recipe says of a wish. */
function wishFields({ size, defects, strength }: Wish): JsonObject {
  return { size, defects, strength };
}
