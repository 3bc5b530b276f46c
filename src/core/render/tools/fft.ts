// Inverse 128-point FFT and the real 128x128 field of a half spectrum: what filtered noise needs, no more.

import { type Field, PIXELS, SIDE } from './field.ts';

const BITS = 7;
/** Frequencies kept along u: 0..63; the Nyquist line is left out, its share of the energy is below 1 %. */
export const HALF = SIDE / 2;

/** Where an element belongs so that the butterflies leave the result in natural order. */
export const BIT_REVERSED: Uint8Array = Uint8Array.from({ length: SIDE }, (_, i) => {
  let reversed = 0;
  for (let b = 0; b < BITS; b++) reversed |= ((i >> b) & 1) << (BITS - 1 - b);
  return reversed;
});

const COS = Float64Array.from({ length: HALF }, (_, i) => Math.cos((2 * Math.PI * i) / SIDE));
const SIN = Float64Array.from({ length: HALF }, (_, i) => Math.sin((2 * Math.PI * i) / SIDE));

/** In place, unscaled, sign +; reads 128 values at `at` in bit-reversed order, leaves them in natural order. */
export function inverseFft(re: Float64Array, im: Float64Array, at: number): void {
  const end = at + SIDE;
  for (let i = at; i < end; i += 4) {
    // The first two stages have the trivial factors 1 and i.
    const r0 = re[i] + re[i + 1];
    const i0 = im[i] + im[i + 1];
    const r1 = re[i] - re[i + 1];
    const i1 = im[i] - im[i + 1];
    const r2 = re[i + 2] + re[i + 3];
    const i2 = im[i + 2] + im[i + 3];
    const r3 = re[i + 2] - re[i + 3];
    const i3 = im[i + 2] - im[i + 3];
    re[i] = r0 + r2;
    im[i] = i0 + i2;
    re[i + 2] = r0 - r2;
    im[i + 2] = i0 - i2;
    re[i + 1] = r1 - i3;
    im[i + 1] = i1 + r3;
    re[i + 3] = r1 + i3;
    im[i + 3] = i1 - r3;
  }
  for (let half = 4; half < SIDE; half *= 2) {
    const stride = HALF / half;
    for (let j = 0; j < half; j++) {
      const c = COS[j * stride];
      const s = SIN[j * stride];
      for (let a = at + j; a < end; a += 2 * half) {
        const b = a + half;
        const tr = re[b] * c - im[b] * s;
        const ti = re[b] * s + im[b] * c;
        re[b] = re[a] - tr;
        im[b] = im[a] - ti;
        re[a] += tr;
        im[a] += ti;
      }
    }
  }
}

const rowRe = new Float64Array(SIDE);
const rowIm = new Float64Array(SIDE);

/**
 * The real field whose spectrum is given for u = 0..63, times scale. Layout [64,128]: index u * 128 +
 * BIT_REVERSED[v mod 128]; the column u = 0 must be Hermitian in v. Destroys its input.
 */
export function fieldOfHalfSpectrum(re: Float64Array, im: Float64Array, scale: number): Field {
  for (let u = 0; u < HALF; u++) inverseFft(re, im, u * SIDE);
  const out = new Float32Array(PIXELS);
  // Two real rows ride in one complex transform: row y in the real part, row y + 1 in the imaginary part.
  for (let y = 0; y < SIDE; y += 2) {
    rowRe[BIT_REVERSED[0]] = re[y];
    rowIm[BIT_REVERSED[0]] = re[y + 1];
    rowRe[BIT_REVERSED[HALF]] = 0;
    rowIm[BIT_REVERSED[HALF]] = 0;
    for (let u = 1; u < HALF; u++) {
      const i = u * SIDE + y;
      const k = BIT_REVERSED[u];
      const mirror = BIT_REVERSED[SIDE - u];
      rowRe[k] = re[i] - im[i + 1];
      rowIm[k] = im[i] + re[i + 1];
      rowRe[mirror] = re[i] + im[i + 1];
      rowIm[mirror] = re[i + 1] - im[i];
    }
    inverseFft(rowRe, rowIm, 0);
    const at = y * SIDE;
    for (let x = 0; x < SIDE; x++) {
      out[at + x] = scale * rowRe[x];
      out[at + SIDE + x] = scale * rowIm[x];
    }
  }
  return out;
}
