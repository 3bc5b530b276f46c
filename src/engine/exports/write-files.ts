// Writes into the temporary folder of an export: flushed, hashed, read back; errors say what the target cannot do.

import { constants } from 'node:fs';
import { access, lstat, mkdir, open, readFile, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { partialPath } from '../blobs/partial-name.ts';
import { sha256Hex } from '../imaging/index.ts';

/** A folder that becomes `target` at the end, or nothing at all. */
export class StagedFolder {
  readonly target: string;
  readonly path: string;
  /** SHA-256 of every file written, by path within the folder. */
  readonly hashes = new Map<string, string>();
  /** Bytes of every file written, by path within the folder. */
  readonly sizes = new Map<string, number>();
  /** Bytes written so far. */
  bytes = 0;
  private readonly folders = new Set<string>();

  private constructor(target: string, path: string) {
    this.target = target;
    this.path = path;
  }

  /** Creates the temporary folder beside the target; refuses an existing target and too little space. */
  static async create(out: string, tag: string, bytesNeeded: number): Promise<StagedFolder> {
    const target = resolve(out);
    const parent = dirname(target);
    if (await exists(target)) {
      const hint = 'Name a folder that does not exist yet; an export never writes over anything.';
      throw new AppError('usage', `${out} exists already.`, { file: out, hint });
    }
    if (!(await exists(parent))) {
      const hint = 'Create it first, or check whether the drive is connected.';
      throw new AppError('not-found', `The folder ${parent} does not exist.`, { file: parent, hint });
    }
    try {
      await access(parent, constants.W_OK);
      await checkSpace(parent, bytesNeeded);
      const path = partialPath(target, tag);
      await mkdir(path);
      return new StagedFolder(target, path);
    } catch (cause) {
      throw writeError(out, cause);
    }
  }

  /** Writes a file through to the drive, reads it back and compares; returns its SHA-256. */
  async write(file: string, bytes: Uint8Array | string): Promise<string> {
    const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    const path = join(this.path, file);
    try {
      await mkdir(dirname(path), { recursive: true });
      for (let f = dirname(file); f !== '.'; f = dirname(f)) this.folders.add(f);
      const handle = await open(path, 'wx');
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (!(await readFile(path)).equals(content)) {
        const hint = 'The drive does not keep what is written to it. Use another one.';
        throw new AppError('verify-failed', `${file} reads back differently than it was written.`, {
          file,
          hint,
        });
      }
    } catch (cause) {
      throw writeError(join(this.target, file), cause);
    }
    const hash = sha256Hex(content);
    this.hashes.set(file, hash);
    this.sizes.set(file, content.length);
    this.bytes += content.length;
    return hash;
  }

  /** Flushes the folders and gives the whole its name. */
  async commit(): Promise<void> {
    try {
      for (const folder of this.folders) await syncFolder(join(this.path, folder));
      await syncFolder(this.path);
      await rename(this.path, this.target);
      await syncFolder(dirname(this.target));
    } catch (cause) {
      throw writeError(this.target, cause);
    }
  }

  /** Removes everything written so far. */
  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function checkSpace(parent: string, needed: number): Promise<void> {
  const info = await statfs(parent);
  const free = info.bavail * info.bsize;
  // Network drives report 0 blocks where they do not know.
  if (info.blocks === 0 || free >= needed) return;
  throw new AppError(
    'no-space',
    `${parent} has ${megabytes(free)} MB free, the export needs ${megabytes(needed)} MB.`,
    {
      file: parent,
      hint: 'Free some space or choose another drive. Nothing was written.',
    },
  );
}

/** Windows cannot open folders for flushing; there the file system's own journal has to do. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw cause;
  } finally {
    await handle.close();
  }
}

/** Says what a failed write means to the user. */
export function writeError(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const hint = 'Free some space or choose another drive. Nothing half-written was left behind.';
    return new AppError('no-space', `No space left while writing ${file}.`, { file, hint }, cause);
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    const hint = 'Choose a folder this user may write to; check the write protection of the drive.';
    return new AppError(
      'read-only',
      `${file} cannot be written: the target is read-only for this user.`,
      { file, hint },
      cause,
    );
  }
  if (code === 'ENOTEMPTY' || code === 'EEXIST') {
    return new AppError(
      'usage',
      `${file} exists already.`,
      { file, hint: 'Name a folder that does not exist yet.' },
      cause,
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'runtime',
    `${file} cannot be written: ${reason}`,
    { file, hint: 'Check the drive.' },
    cause,
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
