// Asks the pixel worker. Only the newest question of a kind matters; older answers come as null.

import type { Patch } from '../../core/image/flood.ts';
import type { Mask } from '../../core/image/raster.ts';
import type { PixelAnswer, PixelRequest } from './pixel-protocol.ts';

type Asked = Exclude<PixelRequest, { kind: 'picture' }>;

export class PixelTools {
  readonly #worker = new Worker(new URL('./pixel-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, (answer: PixelAnswer) => void>();
  #last = 0;
  #picture: Blob | null = null;
  #sent = false;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<PixelAnswer>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    });
  }

  /** The picture is decoded again only when a tool asks for its pixels. */
  setPicture(blob: Blob): void {
    this.#picture = blob;
    this.#sent = false;
  }

  wand(x: number, y: number, tolerance: number): Promise<Patch | null> {
    return this.#ask((id) => ({ kind: 'wand', id, x, y, tolerance }));
  }

  snap(mask: Mask, x: number, y: number, reach: number): Promise<Patch | null> {
    return this.#ask((id) => ({ kind: 'snap', id, mask, x, y, reach }));
  }

  close(): void {
    this.#worker.terminate();
  }

  async #ask(request: (id: number) => Asked): Promise<Patch | null> {
    if (this.#picture === null) return null;
    if (!this.#sent) {
      this.#post({ kind: 'picture', blob: this.#picture });
      this.#sent = true;
    }
    const id = ++this.#last;
    const answer = await new Promise<PixelAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post(request(id));
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return id === this.#last ? answer.patch : null;
  }

  #post(request: PixelRequest): void {
    this.#worker.postMessage(request);
  }
}
