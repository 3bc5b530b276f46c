// When a picture was taken, from its EXIF block (TIFF 6.0 directories; CIPA DC-008 tags).

const DATE_TIME = 0x0132;
const EXIF_DIRECTORY = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const ASCII = 2;
const LONG = 4;
/** Entries of a directory that are read; real ones have fewer than a hundred. */
const MOST_ENTRIES = 1000;

/**
 * Seconds since 1970 of the camera's own clock (no time zone), null where the block says none or is damaged.
 * @param exif the block, with or without its leading `Exif\0\0`
 */
export function exifTime(exif: Uint8Array): number | null {
  const head = String.fromCharCode(...exif.subarray(0, 4));
  const tiff = head === 'Exif' ? exif.subarray(6) : exif;
  if (tiff.length < 8) return null;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const little = order === 0x4949;
  const main = directory(view, view.getUint32(4, little), little);
  const inner = main.get(EXIF_DIRECTORY);
  const own = inner?.type === LONG ? directory(view, inner.value, little) : new Map<number, Entry>();
  const entry = own.get(DATE_TIME_ORIGINAL) ?? main.get(DATE_TIME);
  return entry?.type === ASCII ? timeAt(tiff, entry.value) : null;
}

interface Entry {
  type: number;
  /** The number itself, or where the text lies. */
  value: number;
}

function directory(view: DataView, at: number, little: boolean): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  if (at + 2 > view.byteLength) return entries;
  const count = Math.min(MOST_ENTRIES, view.getUint16(at, little));
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i;
    if (entry + 12 > view.byteLength) break;
    const type = view.getUint16(entry + 2, little);
    entries.set(view.getUint16(entry, little), { type, value: view.getUint32(entry + 8, little) });
  }
  return entries;
}

/** `YYYY:MM:DD HH:MM:SS` */
function timeAt(tiff: Uint8Array, at: number): number | null {
  const text = String.fromCharCode(...tiff.subarray(at, at + 19));
  const found = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
