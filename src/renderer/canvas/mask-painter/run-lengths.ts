// Painted masks on their way to the engine and back.

import { maskToRle, rleToMask } from '../../../core/formats/coco-rle.ts';
import { TileMask } from '../../../core/labels/tile-mask.ts';

export interface RunLengths {
  width: number;
  height: number;
  counts: string;
}

export function tilesOf({ width, height, counts }: RunLengths): TileMask {
  return TileMask.from(rleToMask({ size: [height, width], counts }, { width, height }));
}

export function runLengthsOf(tiles: TileMask): RunLengths {
  return { width: tiles.width, height: tiles.height, counts: maskToRle(tiles.toMask()).counts };
}
