// Reads a file from the drive and not from the system's memory, where the system has a way to ask for it.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** libuv's number for FILE_FLAG_NO_BUFFERING, which Node has no name for. */
const WINDOWS_DIRECT = 0x02000000;
const PAGES = 16;

/** The part of the global of this name that is used; Node's types do not have it. */
interface WebAssemblyGlobal {
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
}

/** Direct reads need a buffer that begins on a page: that of a WebAssembly memory does. */
export function pageBuffer(): Uint8Array {
  const { Memory } = (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly;
  return new Uint8Array(new Memory({ initial: PAGES, maximum: PAGES }).buffer);
}

/** SHA-256 of the file, read through `buffer`; null where the system or file system cannot read past its memory. */
export async function hashPastCache(path: string, buffer: Uint8Array): Promise<string | null> {
  const direct = process.platform === 'win32' ? WINDOWS_DIRECT : constants.O_DIRECT;
  if (direct === undefined) return null;
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | direct);
  } catch {
    return null;
  }
  try {
    return await hashOf(handle, buffer);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EINVAL' || code === 'ENOTSUP') return null;
    throw cause;
  } finally {
    await handle.close();
  }
}

async function hashOf(handle: FileHandle, buffer: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
    // Less than was asked for is the end; an offset within a block could not be read from anyway.
    if (bytesRead < buffer.length) return hash.digest('hex');
  }
}
