// Masks as PNG without row filters: large and mostly empty ones take milliseconds, and never hold up the engine.

import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Mask } from '../../core/image/raster.ts';
import { PNG_SIGNATURE, pngChunk } from './encode-png.ts';

const deflateAsync = promisify(deflate);

/** 8-bit grey, 0 and 255. */
export async function encodeFlatMaskPng(mask: Mask): Promise<Uint8Array> {
  const { width, height, data } = mask;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width;
    let x = data.indexOf(1, y * width);
    while (x >= 0 && x < end) {
      let stop = data.indexOf(0, x);
      if (stop < 0 || stop > end) stop = end;
      rows.fill(255, x + y + 1, stop + y + 1);
      x = stop < end ? data.indexOf(1, stop) : -1;
    }
  }
  return new Uint8Array(
    Buffer.concat([
      PNG_SIGNATURE,
      pngChunk('IHDR', new Uint8Array(header.buffer)),
      pngChunk('IDAT', await deflateAsync(rows, { level: 4 })),
      pngChunk('IEND', new Uint8Array(0)),
    ]),
  );
}
