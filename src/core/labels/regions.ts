// Masks of a part of a picture as text: run lengths row by row.

import { AppError } from '../base/errors.ts';
import { compressCounts, decompressCounts } from '../formats/coco-rle.ts';
import type { Mask, Rect } from '../image/raster.ts';
import { maskBounds } from '../image/raster.ts';
import type { Region } from './step.ts';
import { type TileJournal, TileMask } from './tile-mask.ts';

/** The set pixels of a mask that lies at (x, y) of the picture; null where none is set. */
export function regionOf(mask: Mask, x = 0, y = 0): Region | null {
  const bounds = maskBounds(mask);
  if (bounds === null) return null;
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let row = bounds.y; row < bounds.y + bounds.height; row++) {
    const start = row * mask.width + bounds.x;
    for (let i = start; i < start + bounds.width; i++) {
      const v = mask.data[i] === 0 ? 0 : 1;
      if (v !== value) {
        counts.push(run);
        run = 0;
        value = v;
      }
      run++;
    }
  }
  counts.push(run);
  return {
    x: x + bounds.x,
    y: y + bounds.y,
    width: bounds.width,
    height: bounds.height,
    counts: compressCounts(counts),
  };
}

/** Everything a tiled mask holds. */
export function regionOfTiles(tiles: TileMask): Region | null {
  const extent = tiles.extent();
  return extent === null ? null : regionOf(tiles.crop(extent), extent.x, extent.y);
}

export function tilesOfRegion(region: Region | null, width: number, height: number): TileMask {
  const tiles = new TileMask(width, height);
  if (region !== null) fillRegion(tiles, region, 1);
  return tiles;
}

/** Sets or clears the pixels of a region. Throws `bad-mask` where the runs do not fit it. */
export function fillRegion(tiles: TileMask, region: Region, value: 0 | 1, journal?: TileJournal): void {
  eachSpan(region, (y, x0, x1) => tiles.fillSpan(y, x0, x1, value, journal));
}

function eachSpan(region: Region, visit: (y: number, x0: number, x1: number) => void): void {
  const { x, y, width, height } = region;
  let at = 0;
  for (const [i, run] of runsOf(region).entries()) {
    for (let left = i % 2 === 1 ? run : 0, from = at; left > 0; ) {
      const column = from % width;
      const length = Math.min(left, width - column);
      visit(y + Math.floor(from / width), x + column, x + column + length);
      from += length;
      left -= length;
    }
    at += run;
    if (at > width * height) break;
  }
  if (at !== width * height) {
    throw new AppError('bad-mask', `run lengths cover ${at} pixels of ${width * height}`, {
      hint: 'The label is damaged.',
    });
  }
}

function runsOf({ counts }: Region): number[] {
  const runs = decompressCounts(counts);
  if (runs.some((run) => run < 0)) {
    throw new AppError('bad-mask', 'a negative run length in a label', { hint: 'The label is damaged.' });
  }
  return runs;
}

/** Checks a region before it is stored: inside the picture, runs that fit. */
export function assertRegion(region: Region, picture: { width: number; height: number }): void {
  assertInside(region, picture);
  eachSpan(region, () => {});
}

function assertInside(rect: Rect, picture: { width: number; height: number }): void {
  const inside =
    rect.x >= 0 &&
    rect.y >= 0 &&
    rect.x + rect.width <= picture.width &&
    rect.y + rect.height <= picture.height;
  if (!inside) throw new AppError('bad-mask', 'a label reaches over the border of its picture');
}
