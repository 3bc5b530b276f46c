// What a pack's files are, so that a change is noticed: size, time and SHA-256 of each, read in pieces.

import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';

export interface FileMark {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

const CHUNK_BYTES = 4 << 20;

async function hashFile(
  path: string,
  signal: AbortSignal | undefined,
  onBytes: (count: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })) {
    hash.update(chunk);
    onBytes(chunk.length);
  }
  return hash.digest('hex');
}

/** Marks of files, in order of their paths. `onProgress` gets bytes done and bytes in all. */
export async function markFiles(
  paths: readonly string[],
  options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<FileMark[]> {
  const ordered = [...paths].sort(compareCodePoints);
  const stats = ordered.map((path) => statSync(path));
  const total = stats.reduce((n, s) => n + s.size, 0);
  let done = 0;
  const marks: FileMark[] = [];
  for (const [i, path] of ordered.entries()) {
    const sha256 = await hashFile(path, options.signal, (count) => {
      done += count;
      options.onProgress?.(done, total);
    });
    marks.push({ path, bytes: stats[i].size, mtimeMs: stats[i].mtimeMs, sha256 });
  }
  return marks;
}

/** SHA-256 over the contents; where the files lie plays no part. */
export function contentHash(marks: readonly FileMark[]): string {
  const all = createHash('sha256');
  for (const sha256 of marks.map((mark) => mark.sha256).sort()) all.update(`${sha256}\n`);
  return all.digest('hex');
}

/** Throws where a file is gone or no longer what was marked. Only files whose time changed are read again. */
export async function assertUnchanged(marks: readonly FileMark[]): Promise<void> {
  for (const mark of marks) {
    const now = statSync(mark.path, { throwIfNoEntry: false });
    if (!now) {
      throw new AppError('not-found', 'a file of this pack is gone', {
        file: mark.path,
        hint: 'Put it back (is the drive connected?), or remove the pack and add it again where it lies now.',
      });
    }
    const same = now.size === mark.bytes && (now.mtimeMs === mark.mtimeMs || (await isSame(mark)));
    if (!same) {
      throw new AppError('bad-pack', 'a file of this pack has changed since it was added', {
        file: mark.path,
        hint: 'Put the old file back, or remove the pack and add it again.',
      });
    }
  }
}

async function isSame(mark: FileMark): Promise<boolean> {
  return (await hashFile(mark.path, undefined, () => {})) === mark.sha256;
}
