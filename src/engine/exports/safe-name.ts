// File names that every receiver can hold: Windows, sticks, shells and sha256sum alike.

const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
// Windows' forbidden characters, what cmd and shells expand, and control characters.
const UNSAFE = /[<>:"/\\|?*%!^&'`$;=,~{}\p{Cc}\p{Cf}\p{Cs}\ufffd]/gu;
const MAX_LENGTH = 80;

/** A harmless version of a file or folder name (no extension); never empty. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(UNSAFE, '_')
    .replace(/^[\s.-]+|[\s.]+$/g, '')
    .slice(0, MAX_LENGTH)
    .replace(/[\s.]+$/, '');
  if (plain === '') return '_';
  return RESERVED.test(plain) ? `_${plain}` : plain;
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
