// Looks at the picture's pixels beside the window's own thread: the wand, and snapping to edges.

import { floodSimilar } from '../../core/image/flood.ts';
import { snapToEdges } from '../../core/image/snap.ts';
import type { PixelAnswer, PixelRequest } from './pixel-protocol.ts';

let picture: Promise<ImageData> | null = null;

self.addEventListener('message', ({ data }: MessageEvent<PixelRequest>) => {
  if (data.kind === 'picture') {
    picture = decode(data.blob);
    picture.catch(() => {});
    return;
  }
  answer(data).then(
    (patch) => post({ id: data.id, patch }),
    (error) => post({ id: data.id, patch: null, error: String(error) }),
  );
});

function post(message: PixelAnswer): void {
  self.postMessage(message);
}

async function decode(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
    willReadFrequently: true,
  })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

async function answer(request: Exclude<PixelRequest, { kind: 'picture' }>): Promise<PixelAnswer['patch']> {
  if (picture === null) throw new Error('no picture');
  const { width, height, data } = await picture;
  if (request.kind === 'wand') {
    return floodSimilar({ width, height, rgba: data }, request.x, request.y, request.tolerance);
  }
  const { mask, x, y, reach } = request;
  const grey = new Uint8Array(mask.width * mask.height);
  for (let row = 0; row < mask.height; row++) {
    for (let column = 0; column < mask.width; column++) {
      const at = 4 * ((y + row) * width + x + column);
      grey[row * mask.width + column] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    }
  }
  return { x, y, mask: snapToEdges(mask, grey, reach) };
}
