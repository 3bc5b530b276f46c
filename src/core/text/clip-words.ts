// How CLIP's slow tokenizer cleans a text and cuts it into words, in its form without ftfy (BERT's basic cleaning).

/** Blocks of ideographs that become words of their own (the list BERT's cleaning uses). */
const IDEOGRAPHS: readonly (readonly [number, number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0x2f800, 0x2fa1f],
];

const WORD = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/giu;

function isIdeograph(char: string): boolean {
  const code = char.codePointAt(0) as number;
  return IDEOGRAPHS.some(([first, last]) => code >= first && code <= last);
}

/** Drops control, format and unassigned characters and U+FFFD; every kind of space becomes one space character. */
function clean(text: string): string {
  let out = '';
  for (const char of text) {
    if (/[\t\n\r\p{Zs}]/u.test(char)) out += ' ';
    else if (char === '\ufffd' || /\p{C}/u.test(char)) continue;
    else out += isIdeograph(char) ? ` ${char} ` : char;
  }
  return out;
}

/** The words of a text: cleaned, composed (NFC), lower case; letters, single digits and runs of signs apart. */
export function clipWords(text: string): string[] {
  const words = clean(text).normalize('NFC').split(/\s+/);
  // Lower case word by word: whether a sigma is final depends on what follows it.
  const lower = words.filter((word) => word !== '').map((word) => word.toLowerCase());
  return lower.join(' ').match(WORD) ?? [];
}
