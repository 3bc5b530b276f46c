// Walks a PNG's chunk list without inflating anything: is it whole, animated, followed by foreign bytes?

export interface PngOutline {
  /** From IHDR; 0 where the header is missing. */
  readonly width: number;
  readonly height: number;
  /** Bits per sample as stored: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  readonly animated: boolean;
  /** IEND was reached. */
  readonly complete: boolean;
  /** Bytes after IEND. */
  readonly trailing: number;
  /** Bytes of compressed text chunks: remarks of programs, which may inflate to anything. */
  readonly compressedText: number;
}

const SIGNATURE = 8;
const LONGEST_KEYWORD = 79;

/** Reads the outline of a PNG whose signature was checked before. */
export function pngOutline(bytes: Uint8Array): PngOutline {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const outline = {
    width: 0,
    height: 0,
    bitDepth: 0,
    animated: false,
    complete: false,
    trailing: 0,
    compressedText: 0,
  };
  let at = SIGNATURE;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]);
    const next = at + 12 + length;
    if (next > bytes.length) return outline;
    if (type === 'IHDR' && length >= 13) {
      outline.width = view.getUint32(at + 8);
      outline.height = view.getUint32(at + 12);
      outline.bitDepth = bytes[at + 16];
    }
    if (type === 'acTL') outline.animated = true;
    if (isCompressedText(bytes, at, type)) outline.compressedText += length;
    if (type === 'IEND') {
      outline.complete = true;
      outline.trailing = bytes.length - next;
      return outline;
    }
    at = next;
  }
  return outline;
}

/** The file without its compressed text chunks, so that no decoder inflates them. */
export function withoutCompressedText(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Uint8Array(bytes.length);
  out.set(bytes.subarray(0, SIGNATURE));
  let size = SIGNATURE;
  let at = SIGNATURE;
  while (at + 12 <= bytes.length) {
    const type = String.fromCharCode(bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]);
    const next = Math.min(bytes.length, at + 12 + view.getUint32(at));
    if (!isCompressedText(bytes, at, type)) {
      out.set(bytes.subarray(at, next), size);
      size += next - at;
    }
    at = next;
  }
  out.set(bytes.subarray(at), size);
  return out.subarray(0, size + bytes.length - at);
}

/** zTXt, or iTXt whose flag behind the keyword says compressed. */
function isCompressedText(bytes: Uint8Array, chunk: number, type: string): boolean {
  if (type === 'zTXt') return true;
  if (type !== 'iTXt') return false;
  const keyword = bytes.subarray(chunk + 8, chunk + 8 + LONGEST_KEYWORD + 1).indexOf(0);
  return keyword >= 0 && bytes[chunk + 8 + keyword + 1] === 1;
}
