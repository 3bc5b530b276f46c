// A binary mask of any size in tiles that exist only where something is painted: cheap to paint, copy and undo.

import { invariant } from '../base/errors.ts';
import type { Mask, Rect } from '../image/raster.ts';
import { emptyMask } from '../image/raster.ts';

/** Side of a tile, px; a power of two. */
export const TILE = 256;
export const TILE_SHIFT = 8;
const TILE_AREA = TILE * TILE;

/** What tiles held before they were changed: 1 bit a pixel, null where there was no tile. */
export type TileJournal = Map<number, Uint8Array | null>;

export class TileMask {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** [256,256] of 0 and 1 by `row * columns + column`. */
  readonly tiles = new Map<number, Uint8Array>();

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / TILE);
    this.rows = Math.ceil(height / TILE);
  }

  static from(mask: Mask): TileMask {
    const out = new TileMask(mask.width, mask.height);
    for (let y = 0; y < mask.height; y++) {
      const row = y * mask.width;
      let x = mask.data.indexOf(1, row);
      while (x >= 0 && x < row + mask.width) {
        let end = mask.data.indexOf(0, x);
        if (end < 0 || end > row + mask.width) end = row + mask.width;
        out.fillSpan(y, x - row, end - row, 1);
        x = mask.data.indexOf(1, end);
      }
    }
    return out;
  }

  at(x: number, y: number): number {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 0;
    const tile = this.tiles.get((y >> TILE_SHIFT) * this.columns + (x >> TILE_SHIFT));
    return tile === undefined ? 0 : tile[((y & (TILE - 1)) << TILE_SHIFT) | (x & (TILE - 1))];
  }

  /** Sets pixels x0 <= x < x1 of a row; what lies outside is cut. */
  fillSpan(y: number, x0: number, x1: number, value: 0 | 1, journal?: TileJournal): void {
    if (y < 0 || y >= this.height) return;
    const from = Math.max(0, x0);
    const to = Math.min(this.width, x1);
    const rowStart = (y & (TILE - 1)) << TILE_SHIFT;
    for (let x = from; x < to; ) {
      const column = x >> TILE_SHIFT;
      const end = Math.min(to, (column + 1) << TILE_SHIFT);
      const index = (y >> TILE_SHIFT) * this.columns + column;
      const tile = this.#writable(index, value, journal);
      tile?.fill(value, rowStart + (x & (TILE - 1)), rowStart + (end - (column << TILE_SHIFT)));
      x = end;
    }
  }

  /** The tile to write into; none where a missing tile would only be erased. */
  #writable(index: number, value: 0 | 1, journal?: TileJournal): Uint8Array | undefined {
    let tile = this.tiles.get(index);
    if (tile === undefined && value === 0) return undefined;
    if (journal !== undefined && !journal.has(index)) {
      journal.set(index, tile === undefined ? null : packTile(tile));
    }
    if (tile === undefined) {
      tile = new Uint8Array(TILE_AREA);
      this.tiles.set(index, tile);
    }
    return tile;
  }

  /** Removes everything. */
  clear(journal?: TileJournal): void {
    for (const [index, tile] of this.tiles) {
      if (journal !== undefined && !journal.has(index)) journal.set(index, packTile(tile));
    }
    this.tiles.clear();
  }

  /** Puts tiles back; `journal` then holds what they were, so that doing it again goes forward. */
  swap(journal: TileJournal): void {
    for (const [index, before] of journal) {
      const now = this.tiles.get(index);
      journal.set(index, now === undefined ? null : packTile(now));
      if (before === null) this.tiles.delete(index);
      else this.tiles.set(index, unpackTile(before));
    }
  }

  /** Set pixels. */
  area(): number {
    let area = 0;
    for (const tile of this.tiles.values()) for (let i = 0; i < TILE_AREA; i++) area += tile[i];
    return area;
  }

  isEmpty(): boolean {
    for (const tile of this.tiles.values()) if (tile.includes(1)) return false;
    return true;
  }

  equals(other: TileMask): boolean {
    invariant(this.width === other.width && this.height === other.height, 'masks of different sizes');
    for (const index of new Set([...this.tiles.keys(), ...other.tiles.keys()])) {
      const a = this.tiles.get(index);
      const b = other.tiles.get(index);
      if (a === undefined ? b?.includes(1) : b === undefined ? a.includes(1) : !sameBytes(a, b)) return false;
    }
    return true;
  }

  copy(): TileMask {
    const out = new TileMask(this.width, this.height);
    for (const [index, tile] of this.tiles) out.tiles.set(index, tile.slice());
    return out;
  }

  /** Where a tile lies, cut at the border of the picture. */
  tileRect(index: number): Rect {
    const x = (index % this.columns) * TILE;
    const y = Math.floor(index / this.columns) * TILE;
    return { x, y, width: Math.min(TILE, this.width - x), height: Math.min(TILE, this.height - y) };
  }

  /** The smallest rectangle of whole tiles that holds every set pixel; null where there is none. */
  extent(): Rect | null {
    return rectsUnion([...this.tiles.keys()].map((index) => this.tileRect(index)));
  }

  /** The part under a rectangle; pixels beyond the picture are 0. */
  crop(rect: Rect): Mask {
    const out = emptyMask(rect.width, rect.height);
    for (const [index, tile] of this.tiles) {
      const at = this.tileRect(index);
      const x0 = Math.max(at.x, rect.x);
      const x1 = Math.min(at.x + at.width, rect.x + rect.width);
      if (x1 <= x0) continue;
      const last = Math.min(at.y + at.height, rect.y + rect.height);
      for (let y = Math.max(at.y, rect.y); y < last; y++) {
        const from = ((y - at.y) << TILE_SHIFT) + (x0 - at.x);
        out.data.set(tile.subarray(from, from + x1 - x0), (y - rect.y) * rect.width + (x0 - rect.x));
      }
    }
    return out;
  }

  toMask(): Mask {
    return this.crop({ x: 0, y: 0, width: this.width, height: this.height });
  }
}

/** The smallest rectangle around all; null for none. */
export function rectsUnion(rects: readonly Rect[]): Rect | null {
  if (rects.length === 0) return null;
  const x = Math.min(...rects.map((r) => r.x));
  const y = Math.min(...rects.map((r) => r.y));
  const right = Math.max(...rects.map((r) => r.x + r.width));
  const bottom = Math.max(...rects.map((r) => r.y + r.height));
  return { x, y, width: right - x, height: bottom - y };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function packTile(tile: Uint8Array): Uint8Array {
  const out = new Uint8Array(TILE_AREA / 8);
  for (let i = 0; i < TILE_AREA; i += 8) {
    let byte = 0;
    for (let k = 0; k < 8; k++) byte |= tile[i + k] << k;
    out[i >> 3] = byte;
  }
  return out;
}

function unpackTile(bits: Uint8Array): Uint8Array {
  const out = new Uint8Array(TILE_AREA);
  for (let i = 0; i < bits.length; i++) {
    const byte = bits[i];
    if (byte === 0) continue;
    for (let k = 0; k < 8; k++) out[(i << 3) | k] = (byte >> k) & 1;
  }
  return out;
}
