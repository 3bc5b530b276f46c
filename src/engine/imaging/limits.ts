// How much an untrusted picture may ask for; checked from the header, before anything is decoded.

export interface ImageLimits {
  /** Largest file read into memory. */
  readonly maxBytes: number;
  /** Largest picture decoded. */
  readonly maxPixels: number;
  /** Pictures above `ratioFromPixels` may hold at most this many pixels per byte of file. */
  readonly maxPixelsPerByte: number;
  readonly ratioFromPixels: number;
  /** A decode that takes longer is given up. */
  readonly maxSeconds: number;
}

/**
 * 200 megapixels is beyond any area camera. Deflate cannot pack 8-bit grey tighter than 1032 pixels per byte, so
 * 1500 refuses only what no photo can be (masks are bound to their picture's size instead).
 */
export const DEFAULT_LIMITS: ImageLimits = {
  maxBytes: 1024 ** 3,
  maxPixels: 200_000_000,
  maxPixelsPerByte: 1500,
  ratioFromPixels: 4_000_000,
  maxSeconds: 120,
};
