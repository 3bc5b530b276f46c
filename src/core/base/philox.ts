// The Philox4x32-10 block function: 128-bit counter and 64-bit key in, 128 random bits out.

/** High 32 bits of the product of two unsigned 32-bit words, as an int32 bit pattern. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = Math.imul(aLow, bLow) >>> 16;
  // (2^16-1)^2 + 2^16-1 < 2^32: no partial sum overflows an unsigned word.
  const second = (Math.imul(aHigh, bLow) + first) | 0;
  const third = (Math.imul(aLow, bHigh) + (second & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (second >>> 16) + (third >>> 16)) | 0;
}

/**
 * Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3" (SC11), with Random123's constants.
 * Counter words c0..c3 and key words k0, k1 (uint32 bit patterns); writes four uint32 to out[0..3].
 */
export function philoxBlock(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(0xd2511f53, x0);
    const low0 = Math.imul(0xd2511f53, x0);
    const high1 = mulHigh(0xcd9e8d57, x2);
    const low1 = Math.imul(0xcd9e8d57, x2);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}
