// Puts picture and masks on the screen: at most once per frame, of the masks only the dots that changed.

import type { Coverage } from './coverage.ts';
import { paintOverlay, type ShownLayer } from './overlay.ts';
import { type PictureLayer, stretchContrast } from './picture-layer.ts';
import { TileSurface } from './tile-surface.ts';
import { type Box, dotsOf, type Size, unionBox, type View } from './view.ts';

export interface StageContent {
  readonly picture: PictureLayer | null;
  readonly layers: readonly ShownLayer[];
  readonly stretched: boolean;
}

const EMPTY: StageContent = { picture: null, layers: [], stretched: false };

export class Stage {
  readonly #picture: CanvasRenderingContext2D;
  readonly #overlay: TileSurface;
  #content = EMPTY;
  #view: View = { scale: 1, x: 0, y: 0 };
  #dirty: Box | null = null;
  #pictureDirty = false;
  #frame = 0;
  #pixels: ImageData | null = null;

  constructor(picture: HTMLCanvasElement, overlay: HTMLElement) {
    this.#picture = picture.getContext('2d', { willReadFrequently: true })!;
    this.#overlay = new TileSurface(overlay);
  }

  get size(): Size {
    return this.#overlay.size;
  }

  get view(): View {
    return this.#view;
  }

  /** In dots. */
  resize(size: Size): void {
    this.#picture.canvas.width = size.width;
    this.#picture.canvas.height = size.height;
    this.#overlay.resize(size, window.devicePixelRatio);
    this.all();
  }

  show(content: StageContent): void {
    const changed =
      content.picture !== this.#content.picture || content.stretched !== this.#content.stretched;
    this.#content = content;
    if (changed) this.all();
    else this.#mark({ x: 0, y: 0, ...this.size });
  }

  look(view: View): void {
    this.#view = view;
    this.all();
  }

  /** Everything has to be drawn again. */
  all(): void {
    this.#pictureDirty = true;
    this.#mark({ x: 0, y: 0, ...this.size });
  }

  /** A part of a mask has changed, in picture pixels. */
  changed(coverage: Coverage, part: Box): void {
    coverage.changed(part);
    // One more pixel around it: the outline beside it may have moved.
    const grown = { x: part.x - 1, y: part.y - 1, width: part.width + 2, height: part.height + 2 };
    const dots = dotsOf(this.#view, grown, this.size);
    if (dots !== null) this.#mark(dots);
  }

  /** Draws now what waits for the next frame. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#pictureDirty && this.#content.picture !== null) {
      this.#content.picture.draw(this.#picture, this.#view);
      if (this.#content.stretched) stretchContrast(this.#picture);
    } else if (this.#pictureDirty) this.#picture.clearRect(0, 0, this.size.width, this.size.height);
    this.#pictureDirty = false;
    const box = this.#dirty;
    this.#dirty = null;
    if (box === null || box.width === 0 || box.height === 0) return;
    const image = this.#room(box);
    paintOverlay(new Uint32Array(image.data.buffer), box, this.#view, this.#content.layers);
    this.#overlay.put(image, box);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
  }

  #mark(box: Box): void {
    this.#dirty = unionBox(this.#dirty, box);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.flush());
  }

  /** Pixels of just this size; the last ones are used again where they fit. */
  #room({ width, height }: Box): ImageData {
    if (this.#pixels?.width !== width || this.#pixels.height !== height) {
      this.#pixels = new ImageData(width, height);
    }
    return this.#pixels;
  }
}
