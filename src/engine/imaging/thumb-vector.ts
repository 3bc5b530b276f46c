// A picture as a few grey values, for comparing pictures as a whole.

import sharp from 'sharp';

const SIDE = 32;

/** [32*32] grey values 0..1, whatever shape the picture has. */
export async function encodeThumb(bytes: Uint8Array): Promise<Float32Array> {
  const { data } = await sharp(bytes, { failOn: 'none', ignoreIcc: true })
    .rotate()
    .removeAlpha()
    .resize(SIDE, SIDE, { fit: 'fill' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return Float32Array.from(data.subarray(0, SIDE * SIDE), (v) => v / 255);
}
