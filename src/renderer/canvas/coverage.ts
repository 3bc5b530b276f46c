// How much of a mask lies under a dot when a picture is shown smaller: each tile at half, quarter ... size, made when
// it is looked at. Rounded up, so that a single pixel never vanishes.

import { TILE, type TileMask } from '../../core/labels/tile-mask.ts';

/** The smallest version is 1/128. */
export const MOST_LEVEL = 7;

export class Coverage {
  readonly mask: TileMask;
  readonly #levels = new Map<number, { of: Uint8Array; versions: Uint8Array[] }>();

  constructor(mask: TileMask) {
    this.mask = mask;
  }

  /** The mask has changed under a part of the picture. */
  changed(part: { x: number; y: number; width: number; height: number }): void {
    const { columns, rows } = this.mask;
    const first = Math.max(0, Math.floor(part.y / TILE));
    const last = Math.min(rows - 1, Math.floor((part.y + part.height) / TILE));
    for (let row = first; row <= last; row++) {
      const from = Math.max(0, Math.floor(part.x / TILE));
      const to = Math.min(columns - 1, Math.floor((part.x + part.width) / TILE));
      for (let column = from; column <= to; column++) this.#levels.delete(row * columns + column);
    }
  }

  /** Coverage 0..255 of a tile at 1/2^level, [256>>level, 256>>level]; null where nothing is set. */
  tile(index: number, level: number): Uint8Array | null {
    const tile = this.mask.tiles.get(index);
    if (tile === undefined) return null;
    if (level === 0) return tile;
    let known = this.#levels.get(index);
    if (known === undefined || known.of !== tile) {
      known = { of: tile, versions: [] };
      this.#levels.set(index, known);
    }
    for (let made = known.versions.length + 1; made <= level; made++) {
      known.versions.push(made === 1 ? firstHalf(tile) : half(known.versions[made - 2], TILE >> (made - 1)));
    }
    return known.versions[level - 1];
  }
}

function firstHalf(tile: Uint8Array): Uint8Array {
  const out = new Uint8Array((TILE / 2) * (TILE / 2));
  for (let y = 0, o = 0; y < TILE; y += 2) {
    for (let x = 0, i = y * TILE; x < TILE; x += 2, i += 2, o++) {
      const sum = tile[i] + tile[i + 1] + tile[i + TILE] + tile[i + TILE + 1];
      out[o] = sum === 4 ? 255 : sum * 64;
    }
  }
  return out;
}

function half(from: Uint8Array, side: number): Uint8Array {
  const out = new Uint8Array((side / 2) * (side / 2));
  for (let y = 0, o = 0; y < side; y += 2) {
    for (let x = 0, i = y * side; x < side; x += 2, i += 2, o++) {
      out[o] = (from[i] + from[i + 1] + from[i + side] + from[i + side + 1] + 3) >> 2;
    }
  }
  return out;
}
