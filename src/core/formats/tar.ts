// Headers of tar archives (POSIX ustar): what a backup in one file is made of, readable by every tar.

import { AppError } from '../base/errors.ts';

export const TAR_BLOCK = 512;

export interface TarEntry {
  /** With '/', relative. */
  path: string;
  size: number;
}

const FIELDS = {
  name: [0, 100],
  size: [124, 12],
  sum: [148, 8],
  type: [156, 1],
  prefix: [345, 155],
} as const;
/** Largest size that eleven octal digits hold. */
const LARGEST_OCTAL = 8 ** 11 - 1;

/** Bytes after a file's content up to the next block. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

/** The block before a file's content. Throws `unsupported` where the path does not fit. */
export function tarHeader({ path, size }: TarEntry): Uint8Array {
  const block = new Uint8Array(TAR_BLOCK);
  const text = (at: number, value: string) => block.set(new TextEncoder().encode(value), at);
  const octal = (at: number, digits: number, value: number) =>
    text(at, `${value.toString(8).padStart(digits, '0')}\0`);
  const { prefix, name } = splitPath(path);
  text(0, name);
  octal(100, 7, 0o644);
  octal(108, 7, 0);
  octal(116, 7, 0);
  if (size <= LARGEST_OCTAL) octal(124, 11, size);
  else writeLarge(block, size);
  octal(136, 11, 0);
  text(156, '0');
  text(257, 'ustar\x0000');
  text(345, prefix);
  text(148, `${checksum(block).toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** What a header says; null for the empty block at the end. Throws `corrupt` for anything but a plain file. */
export function parseTarHeader(block: Uint8Array): TarEntry | null {
  if (block.every((byte) => byte === 0)) return null;
  const damaged = (what: string) => new AppError('corrupt', `the archive is damaged: ${what}`);
  if (Number.parseInt(textOf(block, 'sum'), 8) !== checksum(block)) throw damaged('a header does not add up');
  const type = textOf(block, 'type');
  if (type !== '0' && type !== '') throw damaged(`it holds an entry of type "${type}", which no backup has`);
  const prefix = textOf(block, 'prefix');
  const size = sizeOf(block);
  if (!Number.isSafeInteger(size) || size < 0) throw damaged('a file has no size');
  return { path: (prefix === '' ? '' : `${prefix}/`) + textOf(block, 'name'), size };
}

function splitPath(path: string): { prefix: string; name: string } {
  const length = (text: string): number => new TextEncoder().encode(text).length;
  if (length(path) <= 100) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (length(prefix) <= 155 && length(name) <= 100) return { prefix, name };
  }
  throw new AppError('unsupported', 'the path is too long for a backup in one file', {
    file: path,
    hint: 'Back up to a folder instead: give a name without .tar.',
  });
}

/** GNU's form for sizes from 8 GiB: the first bit set, then big-endian. */
function writeLarge(block: Uint8Array, size: number): void {
  const [at, length] = FIELDS.size;
  block[at] = 0x80;
  for (let i = length - 1, rest = size; i > 0; i--, rest = Math.floor(rest / 256)) block[at + i] = rest % 256;
}

function sizeOf(block: Uint8Array): number {
  const [at, length] = FIELDS.size;
  if (block[at] === 0x80) return block.subarray(at + 1, at + length).reduce((n, byte) => n * 256 + byte, 0);
  const digits = textOf(block, 'size').trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function textOf(block: Uint8Array, field: keyof typeof FIELDS): string {
  const [at, length] = FIELDS[field];
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Sum of all bytes, the checksum's own counted as spaces. */
function checksum(block: Uint8Array): number {
  const [at, length] = FIELDS.sum;
  return block.reduce((sum, byte, i) => sum + (i >= at && i < at + length ? 32 : byte), 0);
}
