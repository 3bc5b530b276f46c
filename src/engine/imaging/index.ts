// The door to imaging: the only folder that knows sharp.

export type { SheetOptions, SheetRow, SheetTile } from './contact-sheet.ts';
export { composeContactSheets } from './contact-sheet.ts';
export type { DecodedPicture, DecodeOptions } from './decode.ts';
export { decodePicture } from './decode.ts';
export type { DecodedMask } from './decode-mask.ts';
export { decodeMask } from './decode-mask.ts';
export type { PngOptions } from './encode-png.ts';
export { encodeIndexPng, encodeMaskPng, encodePng } from './encode-png.ts';
export type { ImageLimits } from './limits.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export { countDifferences, largestDifference, sameShape, toDisplayRgb } from './pixels.ts';
export type { Showable } from './preview.ts';
export { previewDataUri } from './preview.ts';
export { readBounded, sha256File, sha256Hex } from './read-file.ts';
export { takenAt } from './taken-at.ts';
