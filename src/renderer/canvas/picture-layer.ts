// The picture under the masks: its bitmap and smaller versions, so that drawing costs what is visible.

import type { Size, View } from './view.ts';

/** From this scale on the pixels of the picture are shown as squares. */
const HARD_FROM = 2;

export class PictureLayer {
  readonly size: Size;
  /** Largest first; the first may be smaller than the picture while that is loading. */
  #versions: ImageBitmap[] = [];
  #closed = false;

  constructor(size: Size) {
    this.size = size;
  }

  get isEmpty(): boolean {
    return this.#versions.length === 0;
  }

  /** Shows a version until a larger one comes. */
  async load(url: string, signal: AbortSignal): Promise<Blob> {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`the picture cannot be shown (${answer.status})`);
    const blob = await answer.blob();
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
    if (this.#closed || signal.aborted) {
      bitmap.close();
      signal.throwIfAborted();
      return blob;
    }
    if ((this.#versions[0]?.width ?? 0) <= bitmap.width) {
      this.#drop();
      this.#versions = [bitmap];
    } else bitmap.close();
    return blob;
  }

  /** Makes the smaller versions; what is shown gets smooth when it is done. */
  async makeSmaller(): Promise<void> {
    for (let last = this.#versions.at(-1); last !== undefined && last.width > 1024; ) {
      const size = { resizeWidth: Math.ceil(last.width / 2), resizeHeight: Math.ceil(last.height / 2) };
      const next = await createImageBitmap(last, { ...size, resizeQuality: 'medium' });
      if (this.#closed || this.#versions.at(-1) !== last) return next.close();
      this.#versions.push(next);
      last = next;
    }
  }

  draw(context: CanvasRenderingContext2D, view: View): void {
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    const least = this.size.width * view.scale;
    const version = this.#versions.findLast((v) => v.width >= least) ?? this.#versions[0];
    if (version === undefined) return;
    const x0 = Math.max(0, Math.floor(view.x));
    const y0 = Math.max(0, Math.floor(view.y));
    const x1 = Math.min(this.size.width, Math.ceil(view.x + width / view.scale));
    const y1 = Math.min(this.size.height, Math.ceil(view.y + height / view.scale));
    if (x1 <= x0 || y1 <= y0) return;
    const kx = version.width / this.size.width;
    const ky = version.height / this.size.height;
    context.imageSmoothingEnabled = view.scale < HARD_FROM;
    context.drawImage(
      version,
      x0 * kx,
      y0 * ky,
      (x1 - x0) * kx,
      (y1 - y0) * ky,
      (x0 - view.x) * view.scale,
      (y0 - view.y) * view.scale,
      (x1 - x0) * view.scale,
      (y1 - y0) * view.scale,
    );
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #drop(): void {
    for (const version of this.#versions) version.close();
    this.#versions = [];
  }
}

/** Spreads what is visible over all of black to white, each channel by itself; in place. */
export function stretchContrast(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  const { data } = image;
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)];
  let pixels = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
    pixels++;
    for (let c = 0; c < 3; c++) counts[c][data[i + c]]++;
  }
  const tables = counts.map((count) => stretchTable(count, pixels));
  for (let i = 0; i < data.length; i += 4) {
    for (let c = 0; c < 3; c++) data[i + c] = tables[c][data[i + c]];
  }
  context.putImageData(image, 0, 0);
}

/** Maps what lies between the darkest and brightest 0.5 % to 0..255. */
function stretchTable(counts: Uint32Array, pixels: number): Uint8ClampedArray {
  const at = (share: number): number => {
    let left = share * pixels;
    let value = 0;
    while (value < 255 && left >= counts[value]) left -= counts[value++];
    return value;
  };
  const low = at(0.005);
  const high = Math.max(low + 1, at(0.995));
  return Uint8ClampedArray.from({ length: 256 }, (_, v) => (255 * (v - low)) / (high - low));
}
