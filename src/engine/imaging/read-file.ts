// Reads picture files: bounded, only regular files, with the SHA-256 of the bytes that were decoded.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { AppError } from '../../core/base/errors.ts';

/** SHA-256 of bytes, lower-case hex. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of a file of any size, read once in small pieces. */
export async function sha256File(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 })) hash.update(chunk);
  } catch (cause) {
    throw readError(path, cause);
  }
  return hash.digest('hex');
}

/** Reads a regular file of at most `maxBytes`; pipes and devices are refused before they are opened; `name` is for messages. */
export async function readBounded(path: string, maxBytes: number, name = path): Promise<Uint8Array> {
  try {
    const link = await lstat(path);
    const info = link.isSymbolicLink() ? await stat(path) : link;
    if (info.isDirectory()) throw badFile(name, 'a folder, not a file', 'Name a file.');
    if (!info.isFile())
      throw badFile(name, 'a pipe or device, not a file', 'Copy the picture into a normal file.');
    if (info.size > maxBytes) {
      throw badFile(
        name,
        `${mebibytes(info.size)} MiB large; the limit is ${mebibytes(maxBytes)} MiB`,
        'Cut the picture into parts.',
      );
    }
    if (info.size === 0)
      throw badFile(name, 'an empty file (0 bytes)', 'Copy it again from where it came from.');
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw cause instanceof AppError ? cause : readError(name, cause);
  }
}

/** Says what a failed read means to the user; `details.reason` is `no-access` where permission is missing. */
export function readError(path: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (cause instanceof Error && cause.name === 'AbortError')
    return new AppError('cancelled', 'Cancelled.', {}, cause);
  if (code === 'ENOENT')
    return new AppError(
      'not-found',
      `${path} does not exist.`,
      { file: path, hint: 'Check the name.' },
      cause,
    );
  if (code === 'EACCES' || code === 'EPERM') {
    return badFile(
      path,
      'a file this user may not read',
      'Ask for read permission, or copy it as a user who may.',
      cause,
      'no-access',
    );
  }
  if (code === 'ELOOP')
    return badFile(path, 'a link that leads to itself', 'Replace the link by the file.', cause);
  if (code === 'EIO')
    return badFile(
      path,
      'not readable from its drive (input/output error)',
      'Check the drive, and copy the file again.',
      cause,
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badFile(path, `not readable: ${reason}`, 'Check the drive and the file.', cause);
}

function badFile(path: string, what: string, hint: string, cause?: unknown, reason?: string): AppError {
  const details = reason === undefined ? { file: path, hint } : { file: path, hint, reason };
  return new AppError('bad-image', `${path} is ${what}.`, details, cause);
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0);
}
