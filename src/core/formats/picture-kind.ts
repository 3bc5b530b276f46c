// Tells what a file is from its first bytes; names and extensions are never trusted.

/** Formats that are decoded. */
export type PictureFormat = 'png' | 'jpeg' | 'tiff' | 'webp' | 'bmp';

/** What the first bytes say: a format we take, a known one we refuse (and why), or nothing known. */
export type PictureKind =
  | { readonly kind: 'picture'; readonly format: PictureFormat }
  | { readonly kind: 'refused'; readonly name: string; readonly hint: string }
  | { readonly kind: 'unknown'; readonly text: boolean };

/** Extensions a format goes by; the first is the usual one. */
export const EXTENSIONS: Record<PictureFormat, readonly string[]> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  tiff: ['tif', 'tiff'],
  webp: ['webp'],
  bmp: ['bmp', 'dib'],
};

const CONVERT = 'Save it as PNG, JPEG, TIFF, BMP or WebP and import that.';

/** Bytes of the head that `pictureKind` needs. */
export const KIND_HEAD_BYTES = 512;

/** Recognises a picture by its signature. */
export function pictureKind(head: Uint8Array): PictureKind {
  const ascii = (at: number, text: string): boolean =>
    head.length >= at + text.length && [...text].every((c, i) => head[at + i] === c.charCodeAt(0));
  const bytes = (...want: number[]): boolean =>
    head.length >= want.length && want.every((b, i) => head[i] === b);
  const refused = (name: string, hint = CONVERT): PictureKind => ({ kind: 'refused', name, hint });

  if (bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { kind: 'picture', format: 'png' };
  if (bytes(0xff, 0xd8, 0xff)) return { kind: 'picture', format: 'jpeg' };
  if (bytes(0x49, 0x49, 0x2a, 0x00) || bytes(0x4d, 0x4d, 0x00, 0x2a))
    return { kind: 'picture', format: 'tiff' };
  if (ascii(0, 'RIFF') && ascii(8, 'WEBP')) return { kind: 'picture', format: 'webp' };
  if (ascii(0, 'BM') && head.length >= 14) return { kind: 'picture', format: 'bmp' };
  if (ascii(0, 'GIF8')) return refused('GIF', `GIF may be animated and has 256 colours only. ${CONVERT}`);
  if (ascii(4, 'ftyp')) return refused('HEIC, AVIF or a video');
  if (bytes(0x49, 0x49, 0x2b, 0x00) || bytes(0x4d, 0x4d, 0x00, 0x2b)) return refused('BigTIFF');
  if (ascii(0, '%PDF')) return refused('PDF');
  if (ascii(0, '8BPS')) return refused('Photoshop file');
  if (isText(head)) {
    if (textOf(head).includes('<svg')) return refused('SVG', `SVG is a drawing, not a photo. ${CONVERT}`);
    return { kind: 'unknown', text: true };
  }
  return { kind: 'unknown', text: false };
}

/** True when `file`'s extension belongs to another format, or is missing. */
export function extensionDisagrees(file: string, format: PictureFormat): boolean {
  const dot = file.lastIndexOf('.');
  const extension = dot < 0 ? '' : file.slice(dot + 1).toLowerCase();
  return !EXTENSIONS[format].includes(extension);
}

function textOf(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, KIND_HEAD_BYTES));
}

function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  return head.subarray(0, KIND_HEAD_BYTES).every((b) => b >= 0x20 || b === 9 || b === 10 || b === 13);
}
