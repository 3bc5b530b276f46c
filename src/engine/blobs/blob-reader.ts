// Reads content-addressed files: blobs/aa/bb/<sha256>, where aa and bb are the first hex digits of the hash.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { translateFsError } from './fs-error.ts';

export type BlobCondition = 'ok' | 'missing' | 'corrupt';

const HASH = /^[0-9a-f]{64}$/;

/** Whether a text is a blob's name: a SHA-256 in lower-case hex. */
export function isBlobHash(text: string): boolean {
  return HASH.test(text);
}

/** SHA-256 of bytes, lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of a file, read in pieces. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw translateFsError(error, file);
  }
  return hash.digest('hex');
}

/** The reading half of a blob store. */
export class BlobReader {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where the blob lies, whether it is there or not. Names come from the database: a damaged one is `corrupt`. */
  path(hash: string): string {
    if (!isBlobHash(hash))
      throw new AppError('corrupt', 'the workspace names a file that cannot exist', {
        file: this.folder,
        hint: DAMAGED_HINT,
      });
    return join(this.folder, hash.slice(0, 2), hash.slice(2, 4), hash);
  }

  has(hash: string): boolean {
    return existsSync(this.path(hash));
  }

  /** The blob's bytes, compared with their hash. */
  async get(hash: string): Promise<Buffer> {
    const file = this.path(hash);
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (error) {
      throw lost(translateFsError(error, file), file);
    }
    if (sha256(bytes) !== hash) {
      throw new AppError('corrupt', 'a file of the workspace is damaged', { file, hint: DAMAGED_HINT });
    }
    return bytes;
  }

  /** Compares a blob with its hash. */
  async verify(hash: string): Promise<BlobCondition> {
    if (!this.has(hash)) return 'missing';
    return (await sha256OfFile(this.path(hash))) === hash ? 'ok' : 'corrupt';
  }

  /** All blobs that are there, in order of their hash. */
  async *list(): AsyncGenerator<string> {
    for (const first of await foldersIn(this.folder)) {
      for (const second of await foldersIn(join(this.folder, first))) {
        const names = await readdir(join(this.folder, first, second));
        yield* names.filter(isBlobHash).sort();
      }
    }
  }
}

const DAMAGED_HINT = 'Run "flawsmith doctor"; importing the same folder again puts damaged pictures back.';

function lost(error: unknown, file: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'not-found') return error;
  return new AppError('corrupt', 'a file of the workspace is missing', { file, hint: DAMAGED_HINT }, error);
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}
