// Text of annotation files: UTF-8, or UTF-16 with its mark; anything else is read as Windows-1252 and said so.

/** Decoded text; `note` is what a person should know about the file's encoding. */
export function decodeText(bytes: Uint8Array): { text: string; note: string | null } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16('utf-16le', bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16('utf-16be', bytes);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, note: marked ? 'starts with a byte order mark, which is left out' : null };
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    return { text, note: 'is not UTF-8; read as Windows-1252, so check names with special letters' };
  }
}

function utf16(encoding: 'utf-16le' | 'utf-16be', bytes: Uint8Array): { text: string; note: string } {
  const text = new TextDecoder(encoding).decode(bytes);
  return { text, note: 'is UTF-16 text; it was converted' };
}
