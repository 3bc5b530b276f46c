// Separable Gaussian blur of a field; the border is mirrored as in scipy's gaussian_filter.

import { type Field, PIXELS, type Picture, SIDE } from './field.ts';

/** Half of a normalised kernel (centre first), cut at 3 sigma. */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Float64Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp((-i * i) / (2 * sigma * sigma)),
  );
  let total = kernel[0];
  for (let i = 1; i <= radius; i++) total += 2 * kernel[i];
  return kernel.map((k) => k / total);
}

function mirrored(i: number): number {
  if (i < 0) return -1 - i;
  return i < SIDE ? i : 2 * SIDE - 1 - i;
}

function blurRows(field: Field, kernel: Float64Array, out: Field): void {
  const radius = kernel.length - 1;
  const line = new Float64Array(SIDE + 2 * radius);
  for (let y = 0; y < SIDE; y++) {
    const at = y * SIDE;
    for (let x = -radius; x < SIDE + radius; x++) line[x + radius] = field[at + mirrored(x)];
    for (let x = 0; x < SIDE; x++) {
      const centre = x + radius;
      let sum = kernel[0] * line[centre];
      for (let j = 1; j <= radius; j++) sum += kernel[j] * (line[centre - j] + line[centre + j]);
      out[at + x] = sum;
    }
  }
}

function blurColumns(field: Field, kernel: Float64Array, out: Field): void {
  const radius = kernel.length - 1;
  const sums = new Float64Array(SIDE);
  for (let y = 0; y < SIDE; y++) {
    const at = y * SIDE;
    for (let x = 0; x < SIDE; x++) sums[x] = kernel[0] * field[at + x];
    for (let j = 1; j <= radius; j++) {
      const above = mirrored(y - j) * SIDE;
      const below = mirrored(y + j) * SIDE;
      const k = kernel[j];
      for (let x = 0; x < SIDE; x++) sums[x] += k * (field[above + x] + field[below + x]);
    }
    for (let x = 0; x < SIDE; x++) out[at + x] = sums[x];
  }
}

/** A new field; sigma in pixels, at most 40. */
export function gauss(field: Field, sigma: number): Field {
  const kernel = halfKernel(sigma);
  const rows = new Float32Array(PIXELS);
  blurRows(field, kernel, rows);
  const out = new Float32Array(PIXELS);
  blurColumns(rows, kernel, out);
  return out;
}

/** In place: every channel blurred. */
export function blurPicture(picture: Picture, sigma: number): Picture {
  for (let c = 0; c < 3; c++) {
    const channel = picture.subarray(c * PIXELS, (c + 1) * PIXELS);
    channel.set(gauss(channel, sigma));
  }
  return picture;
}
