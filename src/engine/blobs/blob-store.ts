// Writes content-addressed files. Equal content is stored once; a damaged blob is replaced when its content comes again.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import {
  type ByteSource,
  isTempName,
  makeFolder,
  moveDurably,
  tempPathIn,
  writeDurably,
} from './atomic-write.ts';
import { BlobReader, sha256 } from './blob-reader.ts';
import { translateFsError } from './fs-error.ts';

export interface PutResult {
  hash: string;
  /** False when the same content was already there and sound. */
  added: boolean;
}

/**
 * The writing half. Unfinished writes lie in `blobs/tmp` (same drive, so the rename is atomic), where a sweep finds them
 * without walking the whole store.
 */
export class BlobStore extends BlobReader {
  readonly #temp: string;

  constructor(folder: string) {
    super(folder);
    this.#temp = join(folder, 'tmp');
  }

  /** Stores bytes or a stream under the hash of its content. */
  async put(content: ByteSource): Promise<PutResult> {
    if (content instanceof Uint8Array) {
      const known = sha256(content);
      if ((await this.verify(known)) === 'ok') return { hash: known, added: false };
    }
    await makeFolder(this.#temp);
    const temp = tempPathIn(this.#temp);
    const hash = createHash('sha256');
    try {
      await writeDurably(temp, hashing(content, hash));
      const name = hash.digest('hex');
      if ((await this.verify(name)) === 'ok') {
        await rm(temp, { force: true });
        return { hash: name, added: false };
      }
      const target = this.path(name);
      await makeFolder(dirname(target));
      await moveDurably(temp, target);
      return { hash: name, added: true };
    } catch (error) {
      await rm(temp, { force: true }).catch(() => {});
      throw translateFsError(error, this.folder);
    }
  }

  /** Stores a copy of a file that must have the expected content; the source is only read. */
  async putFile(file: string, expected: string): Promise<PutResult> {
    if ((await this.verify(expected)) === 'ok') return { hash: expected, added: false };
    const result = await this.put(readingOf(file));
    if (result.hash === expected) return result;
    if (result.added) await this.remove(result.hash);
    throw new AppError('bad-dataset', 'the file changed while it was being imported', {
      file,
      hint: 'Wait until nothing writes to the source folder, then import again; nothing was imported.',
    });
  }

  /** Removes a blob; one that is not there is fine. */
  async remove(hash: string): Promise<void> {
    await rm(this.path(hash), { force: true });
  }

  /** Unfinished writes that a kill or power cut left behind. */
  async listStrays(): Promise<string[]> {
    const names = await readdir(this.#temp).catch(() => []);
    return names.filter(isTempName).map((name) => join(this.#temp, name));
  }

  /** Removes unfinished writes; only the one writer of a workspace may call this. Returns how many. */
  async sweepStrays(): Promise<number> {
    const strays = await this.listStrays();
    for (const file of strays) await rm(file, { force: true });
    return strays.length;
  }
}

async function* hashing(
  content: ByteSource,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    hash.update(bytes);
    yield bytes;
    return;
  }
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* readingOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) yield chunk as Uint8Array;
  } catch (error) {
    throw translateFsError(error, file);
  }
}
