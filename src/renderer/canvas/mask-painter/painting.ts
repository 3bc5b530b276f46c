// One mask that is being painted: tiles, the canvas that shows them, and strokes that can be taken back.

import { brushCentre, segmentSpans } from '../../../core/labels/brush.ts';
import { type TileJournal, TileMask } from '../../../core/labels/tile-mask.ts';
import { type RunLengths, tilesOf } from './run-lengths.ts';

export interface Point {
  x: number;
  y: number;
}

const MOST_STEPS = 100;

export class Painting {
  readonly tiles: TileMask;
  readonly #context: CanvasRenderingContext2D;
  #done: TileJournal[] = [];
  #undone: TileJournal[] = [];
  #stroke: TileJournal | null = null;

  readonly #pixel: number;

  /** Paints in the mask's colour on the canvas, whose size becomes the picture's. */
  constructor(canvas: HTMLCanvasElement, size: { width: number; height: number }, start: RunLengths | null) {
    canvas.width = size.width;
    canvas.height = size.height;
    this.#context = canvas.getContext('2d')!;
    this.#context.fillStyle = getComputedStyle(canvas).getPropertyValue('--mask');
    this.#pixel = littleEndian(String(this.#context.fillStyle));
    this.tiles = start === null ? new TileMask(size.width, size.height) : tilesOf(start);
    this.#drawAll();
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  begin(): void {
    this.#stroke = new Map();
  }

  /** A segment of the stroke that was begun; positions in picture pixels. */
  line(from: Point, to: Point, size: number, add: boolean): void {
    const at = (v: number): number => brushCentre(v, size);
    segmentSpans(at(from.x), at(from.y), at(to.x), at(to.y), size, (y, x0, x1) => this.#span(y, x0, x1, add));
  }

  box(a: Point, b: Point, add: boolean): void {
    const x0 = Math.floor(Math.min(a.x, b.x));
    const x1 = Math.ceil(Math.max(a.x, b.x));
    const last = Math.min(this.tiles.height, Math.ceil(Math.max(a.y, b.y)));
    for (let y = Math.max(0, Math.floor(Math.min(a.y, b.y))); y < last; y++) this.#span(y, x0, x1, add);
  }

  /** Ends the stroke: one step of undo. */
  end(): void {
    if (this.#stroke !== null && this.#stroke.size > 0) {
      this.#done = [...this.#done.slice(-MOST_STEPS + 1), this.#stroke];
      this.#undone = [];
    }
    this.#stroke = null;
  }

  clear(): void {
    this.begin();
    this.tiles.clear(this.#stroke!);
    this.end();
    this.#drawAll();
  }

  undo(): void {
    this.#move(this.#done, this.#undone);
  }

  redo(): void {
    this.#move(this.#undone, this.#done);
  }

  #move(from: TileJournal[], to: TileJournal[]): void {
    const step = from.pop();
    if (step === undefined) return;
    this.tiles.swap(step);
    to.push(step);
    for (const index of step.keys()) this.#drawTile(index);
  }

  #span(y: number, x0: number, x1: number, add: boolean): void {
    if (this.#stroke === null) return;
    this.tiles.fillSpan(y, x0, x1, add ? 1 : 0, this.#stroke);
    if (add) this.#context.fillRect(x0, y, x1 - x0, 1);
    else this.#context.clearRect(x0, y, x1 - x0, 1);
  }

  #drawAll(): void {
    this.#context.clearRect(0, 0, this.tiles.width, this.tiles.height);
    for (const index of this.tiles.tiles.keys()) this.#drawTile(index);
  }

  #drawTile(index: number): void {
    const rect = this.tiles.tileRect(index);
    const part = this.tiles.crop(rect);
    const image = this.#context.createImageData(rect.width, rect.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = part.data[i] === 0 ? 0 : this.#pixel;
    this.#context.putImageData(image, rect.x, rect.y);
  }
}

/** `#rrggbb` as an opaque pixel of ImageData. */
function littleEndian(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}
