// The renderer's two carriers, a 128x128 field and a 3x128x128 picture, and the arithmetic both need.

/** Side of a rendered window in pixels. */
export const SIDE = 128;
export const PIXELS = SIDE * SIDE;

/** One value per pixel, layout [128,128], y downwards. */
export type Field = Float32Array;
/** Colour picture, layout [3,128,128], 0..1 once clipped. */
export type Picture = Float32Array;
/** Red, green, blue, nominally 0..1. */
export type Rgb = readonly [number, number, number];

export function clamp01(v: number): number {
  return v < 0 ? 0 : v > 1 ? 1 : v;
}

/** Fills a new field from pixel coordinates. */
export function makeField(value: (x: number, y: number) => number): Field {
  const field = new Float32Array(PIXELS);
  for (let y = 0, i = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++, i++) field[i] = value(x, y);
  return field;
}

/** The field through a function of one value, as a new field. */
export function mapField(field: Field, f: (v: number) => number): Field {
  const out = new Float32Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) out[i] = f(field[i]);
  return out;
}

/** Sum of fields with gains, as a new field. */
export function weightedSum(...terms: readonly (readonly [gain: number, field: Field])[]): Field {
  const out = new Float32Array(PIXELS);
  for (const [gain, field] of terms) for (let i = 0; i < PIXELS; i++) out[i] += gain * field[i];
  return out;
}

/** In place: mean 0 and standard deviation 1 over the window (a constant field becomes 0). */
export function normalise(field: Field): Field {
  let sum = 0;
  let square = 0;
  for (const v of field) {
    sum += v;
    square += v * v;
  }
  const mean = sum / PIXELS;
  const deviation = Math.sqrt(Math.max(square / PIXELS - mean * mean, 0));
  const scale = deviation > 1e-9 ? 1 / deviation : 0;
  for (let i = 0; i < PIXELS; i++) field[i] = (field[i] - mean) * scale;
  return field;
}

export function solid(colour: Rgb): Picture {
  const picture = new Float32Array(3 * PIXELS);
  for (let c = 0; c < 3; c++) picture.fill(colour[c], c * PIXELS, (c + 1) * PIXELS);
  return picture;
}

/** In place: adds gain * field * tint per channel; the default tint is grey. */
export function addField(picture: Picture, field: Field, gain: number, tint: Rgb = [1, 1, 1]): Picture {
  for (let c = 0; c < 3; c++) {
    const k = gain * tint[c];
    const at = c * PIXELS;
    for (let i = 0; i < PIXELS; i++) picture[at + i] += k * field[i];
  }
  return picture;
}

/** In place: moves each pixel towards a colour by alpha * strength. */
export function mixColour(picture: Picture, alpha: Field, colour: Rgb, strength = 1): Picture {
  for (let c = 0; c < 3; c++) {
    const at = c * PIXELS;
    const goal = colour[c];
    for (let i = 0; i < PIXELS; i++) picture[at + i] += strength * alpha[i] * (goal - picture[at + i]);
  }
  return picture;
}

/** In place: moves each pixel towards another picture by alpha. */
export function mixPicture(picture: Picture, alpha: Field, other: Picture): Picture {
  for (let c = 0; c < 3; c++) {
    const at = c * PIXELS;
    for (let i = 0; i < PIXELS; i++) picture[at + i] += alpha[i] * (other[at + i] - picture[at + i]);
  }
  return picture;
}

/** In place: 0..1. */
export function clipPicture(picture: Picture): Picture {
  for (let i = 0; i < picture.length; i++) picture[i] = clamp01(picture[i]);
  return picture;
}

/** Mean colour, weighted by a field when given. */
export function meanColour(picture: Picture, weight?: Field): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0];
  let total = 0;
  for (let i = 0; i < PIXELS; i++) {
    const w = weight === undefined ? 1 : weight[i];
    if (w === 0) continue;
    total += w;
    for (let c = 0; c < 3; c++) mean[c] += w * picture[c * PIXELS + i];
  }
  if (total > 0) for (let c = 0; c < 3; c++) mean[c] /= total;
  return mean;
}
