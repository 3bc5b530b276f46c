// Where a backup is written: a folder, or one tar file. Both get their name only when they are complete.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { TAR_BLOCK, tarHeader, tarPadding } from '../../core/formats/tar.ts';
import { flushFolder, makeFolder, moveDurably, writeDurably } from '../blobs/atomic-write.ts';
import { translateFsError } from '../blobs/fs-error.ts';
import { partialPath, partialPrefix } from '../blobs/partial-name.ts';
import { processExists } from '../runs/process-identity.ts';
import type { BackedUpFile } from './manifest.ts';

export interface BackupTarget {
  /** Where it lies until it is complete. */
  readonly staged: string;
  /** Adds a file of known size; throws `runtime` where its content has another one. */
  add(path: string, content: AsyncIterable<Uint8Array>, bytes: number): Promise<BackedUpFile>;
  /** Makes everything durable under the staged name. */
  finish(): Promise<void>;
  /** Gives it its name. */
  commit(): Promise<void>;
  /** Removes everything. */
  discard(): Promise<void>;
}

/** Begins a backup at `out`: a tar file where the name says so, else a folder. Nothing is ever overwritten. */
export async function createTarget(out: string): Promise<BackupTarget> {
  const target = resolve(out);
  const staged = claimTarget(target);
  try {
    return target.endsWith('.tar') ? await tarTarget(target, staged) : await folderTarget(target, staged);
  } catch (error) {
    throw translateFsError(error, target);
  }
}

/** Refuses a target that exists, removes what a killed process left of it, and names its unfinished form. */
export function claimTarget(target: string): string {
  const parent = dirname(target);
  if (!existsSync(parent)) {
    throw new AppError('not-found', 'there is no such folder', {
      file: parent,
      hint: 'Make it first, or check whether the drive is connected.',
    });
  }
  if (existsSync(target)) {
    throw new AppError('usage', `${target} exists already`, {
      file: target,
      hint: 'Name one that does not exist yet; nothing is ever written over.',
    });
  }
  const prefix = partialPrefix(target);
  for (const name of readdirSync(parent).filter((candidate) => candidate.startsWith(prefix))) {
    const owner = Number(name.slice(prefix.length).split('-')[0]);
    const isAlive = Number.isInteger(owner) && processExists(owner);
    if (!isAlive) rmSync(join(parent, name), { recursive: true, force: true });
  }
  return partialPath(target, `${process.pid}-${randomBytes(6).toString('hex')}`);
}

async function folderTarget(target: string, staged: string): Promise<BackupTarget> {
  await mkdir(staged);
  const folders = new Set<string>([staged]);
  return {
    staged,
    async add(path, content, bytes) {
      const file = join(staged, path);
      const { stream, result } = counted(path, content, bytes);
      if (!folders.has(dirname(file))) await makeFolder(dirname(file));
      folders.add(dirname(file));
      await writeDurably(file, stream).catch((error) => {
        throw translateFsError(error, join(target, path));
      });
      return result();
    },
    async finish() {
      for (const folder of folders) await flushFolder(folder);
    },
    commit: () => moveDurably(staged, target),
    discard: () => rm(staged, { recursive: true, force: true }).catch(() => {}),
  };
}

async function tarTarget(target: string, staged: string): Promise<BackupTarget> {
  const handle = await open(staged, 'wx');
  const write = (bytes: Uint8Array) => writeAll(handle, bytes, target);
  return {
    staged,
    async add(path, content, bytes) {
      const { stream, result } = counted(path, content, bytes);
      await write(tarHeader({ path, size: bytes }));
      for await (const chunk of stream) await write(chunk);
      await write(new Uint8Array(tarPadding(bytes)));
      return result();
    },
    async finish() {
      await write(new Uint8Array(2 * TAR_BLOCK));
      await handle.sync().catch((error) => {
        throw translateFsError(error, target);
      });
      await handle.close();
    },
    commit: () => moveDurably(staged, target),
    async discard() {
      await handle.close().catch(() => {});
      await rm(staged, { force: true }).catch(() => {});
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, target: string): Promise<void> {
  try {
    for (let at = 0; at < bytes.length; ) {
      at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
    }
  } catch (error) {
    throw translateFsError(error, target);
  }
}

/** Passes content on while it is hashed and counted. */
function counted(path: string, content: AsyncIterable<Uint8Array>, expected: number) {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* stream(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > expected) throw changed(path);
      hash.update(chunk);
      yield chunk;
    }
    if (bytes !== expected) throw changed(path);
  }
  return { stream: stream(), result: (): BackedUpFile => ({ path, bytes, sha256: hash.digest('hex') }) };
}

function changed(path: string): AppError {
  return new AppError('runtime', 'a file changed while it was being backed up', {
    file: path,
    hint: 'Wait until nothing changes the packs folder any more, then back up again; nothing was kept.',
  });
}
