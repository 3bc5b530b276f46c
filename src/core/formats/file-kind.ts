// What a file of weights really is, told from its first bytes: names and endings are not trusted.

export type FileKind = 'safetensors' | 'pickle' | 'zip-pickle' | 'gguf' | 'lfs-pointer' | 'html' | 'other';

/** Bytes that `fileKind` wants to see. */
export const FILE_KIND_BYTES = 64;

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Kind of a file by its first bytes (at most FILE_KIND_BYTES are looked at). */
export function fileKind(first: Uint8Array): FileKind {
  const text = ascii(first.subarray(0, FILE_KIND_BYTES));
  // Eight bytes of length (below 4 GB), then a JSON object; a length of 640 bytes starts as a pickle does.
  if (first.length > 8 && first[8] === 0x7b && first.subarray(4, 8).every((byte) => byte === 0))
    return 'safetensors';
  // Protocol 2 to 5, then an opcode: how every Python pickle since 2003 starts.
  if (first[0] === 0x80 && first[1] >= 2 && first[1] <= 5) return 'pickle';
  // torch.save since 1.6 writes a zip archive with a pickle inside.
  if (text.startsWith('PK\x03\x04')) return 'zip-pickle';
  if (text.startsWith('GGUF')) return 'gguf';
  if (text.startsWith('version https://git-lfs')) return 'lfs-pointer';
  if (/^\s*<(!doctype|html)/i.test(text)) return 'html';
  return 'other';
}
