// GPT-2's reversible byte alphabet: one printable character for each of the 256 bytes.
// Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.2.

/** Printable Latin-1 stands for itself; the other bytes get the characters from U+0100 on, in order. */
function alphabet(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

const LETTERS = alphabet();
const UTF8 = new TextEncoder();

/** UTF-8 bytes of `text`, each as its letter. */
export function toByteLetters(text: string): string[] {
  return Array.from(UTF8.encode(text), (byte) => LETTERS[byte]);
}

/** The 256 letters in the order CLIP numbers them: printable bytes first, then the others. */
export function byteLetters(): string[] {
  const standsForItself = (letter: string) => letter.charCodeAt(0) < 0x100;
  return [...LETTERS.filter(standsForItself), ...LETTERS.filter((letter) => !standsForItself(letter))];
}
