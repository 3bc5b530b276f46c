// The path of a dropped file below its drop: only names that are safe on every system and lead nowhere else.

const MOST_DEPTH = 16;
const MOST_BYTES = 255;
const MOST_LENGTH = 1024;
/** Control characters, what Windows forbids in names, and both kinds of slashes. */
const FORBIDDEN = /[\p{Cc}<>:"|?*\\/]/u;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Null where it is no such path. */
export function stagedPath(path: string): string | null {
  const names = path.split('/');
  const fits = path.length <= MOST_LENGTH && names.length <= MOST_DEPTH && names.every(isSafeName);
  return fits ? names.join('/') : null;
}

function isSafeName(name: string): boolean {
  if (name === '' || name.startsWith('.') || /[. ]$/.test(name)) return false;
  return Buffer.byteLength(name) <= MOST_BYTES && !FORBIDDEN.test(name) && !RESERVED.test(name);
}
