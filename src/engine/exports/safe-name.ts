// File names that every receiver can hold: Windows, sticks, shells and sha256sum alike.

const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(?:\.|$)/i;
// Windows' forbidden characters, what cmd and shells expand, and control characters.
const UNSAFE = /[<>:"/\\|?*%!^&'`$;=,~{}\p{Cc}\p{Cf}\p{Cs}\ufffd]/gu;
const MAX_LENGTH = 80;
/** Linux takes 255 bytes; endings such as `_2_mask.png` come on top. */
const MAX_BYTES = 200;

/** A harmless version of a file or folder name (no extension); never empty. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(UNSAFE, '_')
    .replace(/^[\s.-]+|[\s.]+$/g, '');
  const short = shortened(plain).replace(/[\s.]+$/, '');
  if (short === '') return '_';
  return RESERVED.test(short) ? `_${short}` : short;
}

/** Cut between letters, never within one. */
function shortened(name: string): string {
  let bytes = 0;
  let end = 0;
  for (const letter of name) {
    bytes += new TextEncoder().encode(letter).length;
    if (bytes > MAX_BYTES || end + letter.length > MAX_LENGTH) break;
    end += letter.length;
  }
  return name.slice(0, end);
}

/** Hands out names that differ also where upper and lower case are the same. */
export class NameAllocator {
  private readonly taken = new Set<string>();

  /** `wanted`, made safe, with `_2`, `_3` ... where it is taken within `folder`. */
  allocate(folder: string, wanted: string): string {
    const base = safeName(wanted);
    for (let n = 1; ; n++) {
      const name = n === 1 ? base : `${base}_${n}`;
      const key = `${folder}/${name}`.toLowerCase();
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return name;
    }
  }
}
