// Traces the outlines of masks along pixel edges, so that filling them by the pixel-centre rule gives the mask back.

import { labelComponents } from './components.ts';
import type { Mask } from './raster.ts';

/** Closed outline as x0,y0,x1,y1,... in pixel corners (0..W, 0..H); every edge is horizontal or vertical. */
export type Ring = readonly number[];

/** One object: 8 neighbours hold together, so its holes are bounded by 4 neighbours. */
export interface Outline {
  /** Clockwise as seen (y down). Passes a corner twice where pixels touch only there. */
  readonly outer: Ring;
  /** Counter-clockwise. */
  readonly holes: readonly Ring[];
}

/** Steps along x and y of the directions east, south, west, north. */
const DX = [1, 0, -1, 0];
const DY = [0, 1, 0, -1];
/** The pixel to the left and to the right ahead of a corner, by direction. */
const LEFT_X = [0, 0, -1, -1];
const LEFT_Y = [-1, 0, 0, -1];
const RIGHT_X = [0, -1, -1, 0];
const RIGHT_Y = [0, 0, -1, -1];

/** The outlines of a mask, one per 8-connected component, in order of first appearance (row by row). */
export function traceContours(mask: Mask): Outline[] {
  const { width, height, data } = mask;
  const { labels, components } = labelComponents(mask);
  const outlines = components.map(() => ({ outer: null as Ring | null, holes: [] as Ring[] }));
  /** Upper edges of pixels that an outline has passed; every outline has one. */
  const passed = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] === 0 || passed[i] !== 0 || (y > 0 && data[i - width] !== 0)) continue;
      const ring = trace(mask, x, y, passed);
      const outline = outlines[labels[i] - 1];
      // The first edge in reading order belongs to the outer ring: nothing of the component lies above it.
      if (outline.outer === null) outline.outer = ring;
      else outline.holes.push(ring);
    }
  }
  return outlines.map(({ outer, holes }) => ({ outer: outer!, holes }));
}

/** Follows the edge that starts eastwards at the upper left corner of pixel (x0, y0), with the object on the right. */
function trace(mask: Mask, x0: number, y0: number, passed: Uint8Array): number[] {
  const { width, height, data } = mask;
  const set = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
  const ring: number[] = [x0, y0];
  let [x, y, direction] = [x0, y0, 0];
  for (;;) {
    if (direction === 0) passed[y * width + x] = 1;
    x += DX[direction];
    y += DY[direction];
    let turned = direction;
    if (set(x + LEFT_X[direction], y + LEFT_Y[direction])) turned = (direction + 3) & 3;
    else if (!set(x + RIGHT_X[direction], y + RIGHT_Y[direction])) turned = (direction + 1) & 3;
    if (x === x0 && y === y0 && turned === 0) break;
    if (turned !== direction) ring.push(x, y);
    direction = turned;
  }
  return ring;
}
