// Half floats: fast conversion between float32 and the two 16-bit forms weights are stored in (IEEE fp16, bfloat16).

const F32 = new Float32Array(1);
const BITS = new Uint32Array(F32.buffer);

/** Largest finite fp16. Values from 65520 on round to infinity. */
export const HALF_MAX = 65504;

let widenTable: Float32Array | undefined;

/** Value of one fp16 bit pattern (0..65535), by arithmetic; only used to fill the table. */
function widenOne(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** All 65536 fp16 values as float32 (256 KiB), made on first use. */
function table(): Float32Array {
  widenTable ??= Float32Array.from({ length: 65536 }, (_, bits) => widenOne(bits));
  return widenTable;
}

/** fp16 bit patterns -> float32, exact. Any shape, [n] -> [n]; writes into `out` when given. */
export function halfToFloat(
  source: Uint16Array,
  out: Float32Array = new Float32Array(source.length),
): Float32Array {
  const values = table();
  for (let i = 0; i < source.length; i++) out[i] = values[source[i]];
  return out;
}

/** One float -> fp16 bits, round to nearest, ties to even; overflow gives infinity, NaN stays NaN. */
export function toHalfBits(value: number): number {
  F32[0] = value;
  const bits = BITS[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14: adding 0.5 aligns the fraction so that the FPU itself does the rounding at 2^-24.
    BITS[0] = magnitude;
    F32[0] += 0.5;
    return sign | (BITS[0] - 0x3f000000);
  }
  // Rebias the exponent (127 -> 15) and add just under half a unit; the odd bit turns ties towards even.
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** float32 -> fp16 bit patterns, round to nearest even. [n] -> [n]. */
export function floatToHalf(
  source: ArrayLike<number>,
  out: Uint16Array = new Uint16Array(source.length),
): Uint16Array {
  for (let i = 0; i < source.length; i++) out[i] = toHalfBits(source[i]);
  return out;
}

/** bfloat16 bit patterns -> float32, exact: the upper half of a float32. [n] -> [n]. */
export function bfloat16ToFloat(
  source: Uint16Array,
  out: Float32Array = new Float32Array(source.length),
): Float32Array {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i] << 16;
  return out;
}
