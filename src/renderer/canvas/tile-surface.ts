// A drawing surface of small canvases: a change costs the canvases it touches, because a browser copies and composes
// whole ones.

import type { Box, Size } from './view.ts';

/** Side of a canvas, dots. */
const SIDE = 256;

export class TileSurface {
  readonly #box: HTMLElement;
  #size: Size = { width: 0, height: 0 };
  #columns = 0;
  #tiles: CanvasRenderingContext2D[] = [];

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  get size(): Size {
    return this.#size;
  }

  /** In dots; what was drawn is gone. */
  resize(size: Size, dotsPerPixel: number): void {
    this.#size = size;
    this.#columns = Math.ceil(size.width / SIDE);
    const rows = Math.ceil(size.height / SIDE);
    this.#tiles = Array.from({ length: this.#columns * rows }, (_, i) => {
      const canvas = document.createElement('canvas');
      const column = i % this.#columns;
      const row = Math.floor(i / this.#columns);
      canvas.width = Math.min(SIDE, size.width - column * SIDE);
      canvas.height = Math.min(SIDE, size.height - row * SIDE);
      Object.assign(canvas.style, {
        left: `${(column * SIDE) / dotsPerPixel}px`,
        top: `${(row * SIDE) / dotsPerPixel}px`,
        width: `${canvas.width / dotsPerPixel}px`,
        height: `${canvas.height / dotsPerPixel}px`,
      });
      return canvas.getContext('2d', { willReadFrequently: true })!;
    });
    this.#box.replaceChildren(...this.#tiles.map(({ canvas }) => canvas));
  }

  /** Puts pixels that lie at `box`. */
  put(image: ImageData, box: Box): void {
    const last = Math.floor((box.y + box.height - 1) / SIDE);
    for (let row = Math.floor(box.y / SIDE); row <= last; row++) {
      const end = Math.floor((box.x + box.width - 1) / SIDE);
      for (let column = Math.floor(box.x / SIDE); column <= end; column++) {
        const tile = this.#tiles[row * this.#columns + column];
        tile.putImageData(image, box.x - column * SIDE, box.y - row * SIDE);
      }
    }
  }
}
