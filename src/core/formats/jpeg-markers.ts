// Walks a JPEG's markers to see whether it reaches its end: decoders repair cut-off progressive files silently.

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** True when the end marker is reached; thumbnails inside segments and bytes after the end do not count. */
export function jpegIsComplete(bytes: Uint8Array): boolean {
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1];
    if (marker === EOI) return true;
    if (marker === 0xff) {
      at++;
    } else if (marker === SOI || marker === 0x01 || isRestart(marker)) {
      at += 2;
    } else {
      if (at + 3 >= bytes.length) return false;
      const length = (bytes[at + 2] << 8) | bytes[at + 3];
      if (length < 2) return false;
      at += 2 + length;
      if (marker === SOS) at = endOfScan(bytes, at);
    }
  }
  return false;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

/** Position of the first marker after entropy-coded data. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}
