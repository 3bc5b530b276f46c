// A backup as it is read: a folder, or one tar file whose index is built from its headers.

import { createReadStream, statSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { parseTarHeader, TAR_BLOCK, tarPadding } from '../../core/formats/tar.ts';
import { translateFsError } from '../blobs/fs-error.ts';
import { refused } from './manifest.ts';

export interface BackupSource {
  /** The folder or file. */
  readonly path: string;
  /** Size of every file by its path. */
  readonly files: ReadonlyMap<string, number>;
  /** Content of one of `files`. */
  read(path: string): AsyncIterable<Uint8Array>;
}

const CHUNK = { highWaterMark: 1 << 20 };
/** No workspace has so many files; an archive that claims more is not read on. */
const MOST_FILES = 10_000_000;

/** Throws `not-found`, or `corrupt` where it is no archive. */
export async function openBackup(path: string): Promise<BackupSource> {
  try {
    return statSync(path).isDirectory() ? await openFolder(path) : await openTar(path);
  } catch (error) {
    throw translateFsError(error, path);
  }
}

/** Links are not followed: a backup has none. */
async function openFolder(path: string): Promise<BackupSource> {
  const files = new Map<string, number>();
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(relative(path, file).split(sep).join('/'), statSync(file).size);
  }
  return { path, files, read: (name) => reading(join(path, name)) };
}

async function openTar(path: string): Promise<BackupSource> {
  const places = new Map<string, { at: number; size: number }>();
  const handle = await open(path, 'r');
  try {
    const { size: total } = await handle.stat();
    const block = Buffer.alloc(TAR_BLOCK);
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(block, 0, TAR_BLOCK, at);
      if (bytesRead < TAR_BLOCK) throw refused('the archive ends too early', path);
      const entry = headerOf(block, path);
      if (entry === null) break;
      at += TAR_BLOCK;
      if (places.has(entry.path)) throw refused(`the archive holds "${entry.path}" twice`, path);
      if (at + entry.size > total || places.size >= MOST_FILES)
        throw refused('the archive ends too early', path);
      places.set(entry.path, { at, size: entry.size });
      at += entry.size + tarPadding(entry.size);
    }
  } finally {
    await handle.close();
  }
  return {
    path,
    files: new Map([...places].map(([name, { size }]) => [name, size])),
    read(name) {
      const { at, size } = places.get(name)!;
      return size === 0 ? nothing() : reading(path, { start: at, end: at + size - 1 });
    },
  };
}

function headerOf(block: Uint8Array, path: string) {
  try {
    return parseTarHeader(block);
  } catch (error) {
    throw error instanceof AppError ? refused(error.message, path) : error;
  }
}

async function* reading(
  file: string,
  range: { start?: number; end?: number } = {},
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { ...range, ...CHUNK })) yield chunk as Uint8Array;
  } catch (error) {
    throw translateFsError(error, file);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
