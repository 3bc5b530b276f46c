// What JPEG does to a picture, without the entropy coding: 4:2:0 YCbCr, 8x8 DCT, quantised, and back.

import { clamp01, PIXELS, type Picture, SIDE } from '../tools/field.ts';

/** ITU-T T.81, tables K.1 (luminance) and K.2 (chrominance), row by row. */
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** The Independent JPEG Group's scaling of the tables; quality 1..100. */
function scaledTable(table: readonly number[], quality: number): Float64Array {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Float64Array.from(table, (q) => Math.min(255, Math.max(1, Math.floor((q * percent + 50) / 100))));
}

/** Orthonormal DCT-II matrix, row k = basis function k. */
const BASIS = Float64Array.from({ length: 64 }, (_, i) => {
  const k = i >> 3;
  const x = i & 7;
  return (k === 0 ? Math.sqrt(1 / 8) : 0.5) * Math.cos(((2 * x + 1) * k * Math.PI) / 16);
});

const block = new Float64Array(64);
const half = new Float64Array(64);

/** out[a][b] = sum over j of in[j][a] * m(b, j): one dimension of the transform, transposing on the way. */
function transform(input: Float64Array, output: Float64Array, inverse: boolean): void {
  for (let a = 0; a < 8; a++) {
    const v0 = input[a];
    const v1 = input[8 + a];
    const v2 = input[16 + a];
    const v3 = input[24 + a];
    const v4 = input[32 + a];
    const v5 = input[40 + a];
    const v6 = input[48 + a];
    const v7 = input[56 + a];
    for (let b = 0; b < 8; b++) {
      const at = inverse ? b : 8 * b;
      const step = inverse ? 8 : 1;
      output[8 * a + b] =
        v0 * BASIS[at] +
        v1 * BASIS[at + step] +
        v2 * BASIS[at + 2 * step] +
        v3 * BASIS[at + 3 * step] +
        v4 * BASIS[at + 4 * step] +
        v5 * BASIS[at + 5 * step] +
        v6 * BASIS[at + 6 * step] +
        v7 * BASIS[at + 7 * step];
    }
  }
}

/** In place: every 8x8 block of a plane (values about -128..127) quantised in the frequency domain. */
function quantisePlane(plane: Float32Array, side: number, table: Float64Array): void {
  for (let y = 0; y < side; y += 8) {
    for (let x = 0; x < side; x += 8) {
      for (let r = 0; r < 8; r++)
        for (let c = 0; c < 8; c++) block[8 * r + c] = plane[(y + r) * side + x + c];
      transform(block, half, false);
      transform(half, block, false);
      for (let i = 0; i < 64; i++) block[i] = Math.round(block[i] / table[i]) * table[i];
      transform(block, half, true);
      transform(half, block, true);
      for (let r = 0; r < 8; r++)
        for (let c = 0; c < 8; c++) plane[(y + r) * side + x + c] = block[8 * r + c];
    }
  }
}

/** In place: picture 0..1 stored at a quality of 1..100 and read back; 8-bit values afterwards. */
export function jpegRoundTrip(picture: Picture, quality: number): Picture {
  const luma = new Float32Array(PIXELS);
  const small = SIDE / 2;
  const blue = new Float32Array(PIXELS / 4);
  const red = new Float32Array(PIXELS / 4);
  for (let i = 0; i < PIXELS; i++) {
    const r = 255 * picture[i];
    const g = 255 * picture[PIXELS + i];
    const b = 255 * picture[2 * PIXELS + i];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    luma[i] = y - 128;
    const quarter = ((i >> 8) << 6) | ((i & 127) >> 1);
    blue[quarter] += (0.564 * (b - y)) / 4;
    red[quarter] += (0.713 * (r - y)) / 4;
  }
  quantisePlane(luma, SIDE, scaledTable(LUMINANCE, quality));
  const chroma = scaledTable(CHROMINANCE, quality);
  quantisePlane(blue, small, chroma);
  quantisePlane(red, small, chroma);
  for (let i = 0; i < PIXELS; i++) {
    const quarter = ((i >> 8) << 6) | ((i & 127) >> 1);
    const y = luma[i] + 128;
    const cb = blue[quarter];
    const cr = red[quarter];
    picture[i] = Math.round(255 * clamp01((y + 1.402 * cr) / 255)) / 255;
    picture[PIXELS + i] = Math.round(255 * clamp01((y - 0.344 * cb - 0.714 * cr) / 255)) / 255;
    picture[2 * PIXELS + i] = Math.round(255 * clamp01((y + 1.772 * cb) / 255)) / 255;
  }
  return picture;
}
