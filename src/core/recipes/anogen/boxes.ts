// Boxes that new defects are drawn in, and around the real ones in training (methods.md 2.5, 2.10).

import type { Rng } from '../../base/rng.ts';
import { emptyMask, type Mask, maskBounds, type Rect } from '../../image/raster.ts';
import { localGroups } from '../windows/groups.ts';
import type { PlacementMap } from '../windows/place.ts';

/** Least and most of a box's sides, native px. */
export interface BoxSizes {
  readonly width: readonly [number, number];
  readonly height: readonly [number, number];
}

/** Sides of the real defects' boxes, one per mark that lies apart, less and more by `range`. */
export function boxSizes(masks: readonly Mask[], range: number): BoxSizes {
  const bounds = masks.flatMap((mask) => localGroups(mask).map((group) => group.bounds));
  const of = (sides: readonly number[]): [number, number] => [
    Math.max(2, Math.round(Math.min(...sides) * (1 - range))),
    Math.max(2, Math.round(Math.max(...sides) * (1 + range))),
  ];
  return { width: of(bounds.map((b) => b.width)), height: of(bounds.map((b) => b.height)) };
}

/** Sizes for wanted lengths of defects, relative to the real ones. */
export const scaledSizes = ({ width, height }: BoxSizes, by: number): BoxSizes => {
  const scale = ([least, most]: readonly [number, number]): [number, number] => [
    Math.max(2, Math.round(least * by)),
    Math.max(2, Math.round(most * by)),
  ];
  return { width: scale(width), height: scale(height) };
};

export const rectMask = (rect: Rect, picture: { width: number; height: number }): Mask => {
  const mask = emptyMask(picture.width, picture.height);
  for (let y = rect.y; y < rect.y + rect.height; y++)
    mask.data.fill(1, y * mask.width + rect.x, y * mask.width + rect.x + rect.width);
  return mask;
};

/** Share of the rectangle that is set. */
export function coverage(mask: Mask, rect: Rect): number {
  let set = 0;
  for (let y = rect.y; y < rect.y + rect.height; y++)
    for (let x = rect.x; x < rect.x + rect.width; x++) set += mask.data[y * mask.width + x];
  return set / (rect.width * rect.height);
}

const TRIES = 200;

/**
 * A box of a size between the limits, anywhere in the picture with at least `onProduct` of it on the product; the best
 * of many tries where none is.
 */
export function randomBox(sizes: BoxSizes, map: PlacementMap, onProduct: number, rng: Rng): Rect {
  const { foreground } = map;
  const between = ([least, most]: readonly [number, number], room: number) =>
    Math.min(room, least + rng.int(most - least + 1));
  let best: Rect | null = null;
  let most = -1;
  for (let n = 0; n < TRIES && most < onProduct; n++) {
    const width = between(sizes.width, foreground.width);
    const height = between(sizes.height, foreground.height);
    const cell = rng.pick(map.cells as unknown as number[]);
    const centre = {
      x: ((cell % map.gridWidth) + rng.uniform()) / map.k,
      y: (Math.floor(cell / map.gridWidth) + rng.uniform()) / map.k,
    };
    const place = (at: number, side: number, room: number) =>
      Math.min(room - side, Math.max(0, Math.round(at - side / 2)));
    const rect = {
      x: place(centre.x, width, foreground.width),
      y: place(centre.y, height, foreground.height),
      width,
      height,
    };
    const covered = coverage(foreground, rect);
    if (covered > most) [best, most] = [rect, covered];
  }
  return best as Rect;
}

/** The box of a mark in a training window with random room on every side. */
export function boxAround(mask: Mask, margin: number, rng: Rng): Mask {
  const bounds = maskBounds(mask);
  if (bounds === null) return emptyMask(mask.width, mask.height);
  const room = (side: number) => Math.round(rng.uniform() * margin * side) + 1;
  const left = Math.max(0, bounds.x - room(bounds.width));
  const top = Math.max(0, bounds.y - room(bounds.height));
  const right = Math.min(mask.width, bounds.x + bounds.width + room(bounds.width));
  const bottom = Math.min(mask.height, bounds.y + bounds.height + room(bounds.height));
  return rectMask({ x: left, y: top, width: right - left, height: bottom - top }, mask);
}
