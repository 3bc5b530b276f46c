// Keeps new defects inside a zone of the picture: a box, or what the user painted.

import { andMasks } from '../../image/mask-ops.ts';
import { type Mask, maskArea, type Rect } from '../../image/raster.ts';
import type { PlacementMap } from './place.ts';

export interface ZoneOptions {
  /** The zone counts as it is, also beyond the estimated product; else only what of it lies on the product. */
  readonly exact: boolean;
}

/**
 * The map with nothing outside `zone` (picture size). An empty zone, or one off the product that is not `exact`, counts
 * as drawn: the user asked for that place.
 */
export function restrictMap(map: PlacementMap, zone: Mask, { exact }: ZoneOptions): PlacementMap {
  const onProduct = andMasks(map.foreground, zone);
  const foreground = exact || maskArea(onProduct) === 0 ? zone : onProduct;
  if (maskArea(foreground) === 0) return map;
  const inZone = cellsOf(map, foreground);
  const depth = new Float32Array(map.depth.length);
  for (const cell of inZone) depth[cell] = Math.max(map.depth[cell], 1e-6);
  return {
    foreground,
    overEdge: andMasks(map.overEdge, zone),
    surface: false,
    k: map.k,
    gridWidth: map.gridWidth,
    cells: Int32Array.from(inZone),
    depth,
    edge: map.edge.filter(({ x, y }) => at(foreground, x, y)),
    limit: zone,
  };
}

/** A rectangle given in shares of the picture, as a mask; at least one pixel. */
export function boxMask(box: Rect, width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  const clamp = (v: number, most: number): number => Math.min(most, Math.max(0, v));
  const x0 = clamp(Math.floor(box.x * width), width - 1);
  const y0 = clamp(Math.floor(box.y * height), height - 1);
  const x1 = clamp(Math.ceil((box.x + box.width) * width), width);
  const y1 = clamp(Math.ceil((box.y + box.height) * height), height);
  for (let y = y0; y < Math.max(y1, y0 + 1); y++) {
    data.fill(1, y * width + x0, y * width + Math.max(x1, x0 + 1));
  }
  return { width, height, data };
}

/** A zone painted on one picture, brought to the size of another: nearest neighbour. */
export function scaledZone(zone: Mask, width: number, height: number): Mask {
  if (zone.width === width && zone.height === height) return zone;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * zone.height) / height) * zone.width;
    for (let x = 0; x < width; x++)
      data[y * width + x] = zone.data[row + Math.floor(((x + 0.5) * zone.width) / width)];
  }
  return { width, height, data };
}

/** Grid cells that hold a pixel of the mask, ascending. */
function cellsOf(map: PlacementMap, mask: Mask): number[] {
  const gridHeight = map.depth.length / map.gridWidth;
  const found = new Set<number>();
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const cx = Math.min(map.gridWidth - 1, Math.floor((i % mask.width) * map.k));
    const cy = Math.min(gridHeight - 1, Math.floor(Math.floor(i / mask.width) * map.k));
    found.add(cy * map.gridWidth + cx);
  }
  return [...found].sort((a, b) => a - b);
}

function at(mask: Mask, x: number, y: number): boolean {
  const [px, py] = [Math.floor(x), Math.floor(y)];
  return px >= 0 && py >= 0 && px < mask.width && py < mask.height && mask.data[py * mask.width + px] !== 0;
}
