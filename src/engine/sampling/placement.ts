// What the user wants of new defects: where, how large, how many, how strong.

import { type Mask, maskArea, maskBounds } from '../../core/image/raster.ts';
import { AREA_RANGE, type RealStats } from '../../core/recipes/windows/checks.ts';
import type { MaskSource, ShapeOptions } from '../../core/recipes/windows/mask-source.ts';
import type { PlacementMap } from '../../core/recipes/windows/place.ts';
import { boxMask, restrictMap, scaledZone } from '../../core/recipes/windows/restrict-map.ts';
import type { WorkingScale } from '../../core/recipes/windows/working-scale.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { GenerateRequest, Placement } from '../services.ts';

export type Wish = Pick<Placement, 'size' | 'defects' | 'strength'>;

export const AS_LEARNED: Wish = { size: 1, defects: 1, strength: 1 };

/** Scale of a real shape when it is warped, without a wish. */
const SIZE_RANGE = [0.7, 1.28] as const;

export function wishOf({ placement }: Pick<GenerateRequest, 'placement'>): Wish {
  return placement ?? AS_LEARNED;
}

/** Shape options for defects of the wanted size. */
export function sized(medianArea: number, scale: WorkingScale, { size }: Wish): ShapeOptions {
  if (size === 1) return { medianArea, scale };
  const sizeRange = [SIZE_RANGE[0] * size, SIZE_RANGE[1] * size] as const;
  return { medianArea: medianArea * size ** 2, scale, sizeRange };
}

/** Keeps placement maps to the box or the painted zones. */
export async function narrowTo(
  placement: Placement | null,
): Promise<((map: PlacementMap) => PlacementMap) | undefined> {
  const where = placement?.where;
  if (where?.kind === 'box') {
    return (map) => {
      const { width, height } = map.foreground;
      return restrictMap(map, boxMask(where, width, height), { exact: false });
    };
  }
  if (where?.kind === 'zones') {
    const zone = await readMask(where.file);
    return (map) => {
      const { width, height } = map.foreground;
      return restrictMap(map, scaledZone(zone, width, height), { exact: true });
    };
  }
  return undefined;
}

/** The one mask that was painted by hand, for every picture of the run. */
export async function paintedSource(file: string): Promise<MaskSource> {
  const mask = await readMask(file);
  const placed = { mask, bounds: maskBounds(mask)!, area: maskArea(mask), pieces: [], source: 'file' };
  return { name: 'file', make: () => placed };
}

/** The area that counts as wanted, relative to the real median. */
export function areaRangeOf({ size, defects }: Wish): readonly [number, number] | undefined {
  if (size === 1 && defects === 1) return undefined;
  const factor = size ** 2;
  return [AREA_RANGE[0] * factor, AREA_RANGE[1] * factor * defects];
}

/** Contrast is judged against what was asked for. */
export function statsFor(real: RealStats, { strength }: Wish): RealStats {
  return strength === 1 ? real : { ...real, contrast: real.contrast * strength };
}

async function readMask(file: string): Promise<Mask> {
  const { raster } = await decodePicture(file);
  return (await decodeMask(file, raster)).mask;
}
