// Names of defect types from files are untrusted text: made safe to store, show and compare before anything uses them.

/** Used where a file names no type. */
export const UNNAMED_TYPE = 'defect';
const MAX_LENGTH = 100;

/**
 * NFC; control characters, marks that turn the reading direction, lone surrogates and zero-width characters removed,
 * path separators replaced by '_', white space collapsed, at most 100 letters; never empty.
 */
export function safeTypeName(name: string): string {
  const plain = name
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\ufffe\uffff]/gu, '')
    .normalize('NFC')
    .replace(/[/\\]/g, '_')
    .trim();
  const short = [...plain].slice(0, MAX_LENGTH).join('').trim();
  return short === '' || /^\.+$/.test(short) ? UNNAMED_TYPE : short;
}
