// A picture cut into overlapping windows, and its map put together again from theirs.

/** Starts of windows of `side` that cover 0..length, neighbours overlapping by at least `overlap` (share of the side). */
export function tileStarts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [Math.floor((length - side) / 2)];
  const count = 1 + Math.ceil((length - side) / Math.max(1, Math.floor(side * (1 - overlap))));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}

/** Weight of every position of a window along one axis: falls towards the ends, where a window sees least around it. */
export function taper(side: number, overlap: number): Float32Array {
  const reach = Math.max(1, Math.floor(side * overlap));
  return Float32Array.from({ length: side }, (_, i) =>
    Math.min(1, (Math.min(i, side - 1 - i) + 0.5) / reach),
  );
}

/** Weighted mean of the maps of overlapping windows. */
export class MapMosaic {
  readonly width: number;
  readonly height: number;
  readonly #side: number;
  readonly #taper: Float32Array;
  readonly #sum: Float32Array;
  readonly #weight: Float32Array;

  constructor(width: number, height: number, side: number, overlap: number) {
    this.width = width;
    this.height = height;
    this.#side = side;
    this.#taper = taper(side, overlap);
    this.#sum = new Float32Array(width * height);
    this.#weight = new Float32Array(width * height);
  }

  /** Adds the map [side,side] of the window whose corner is at x, y; parts outside are left out. */
  add(map: Float32Array, x: number, y: number): void {
    const side = this.#side;
    for (let j = Math.max(0, -y); j < Math.min(side, this.height - y); j++) {
      for (let i = Math.max(0, -x); i < Math.min(side, this.width - x); i++) {
        const weight = this.#taper[i] * this.#taper[j];
        const at = (y + j) * this.width + x + i;
        this.#sum[at] += weight * map[j * side + i];
        this.#weight[at] += weight;
      }
    }
  }

  /** [H,W]; every position must have been covered. */
  map(): Float32Array {
    return this.#sum.map((v, i) => v / this.#weight[i]);
  }
}
