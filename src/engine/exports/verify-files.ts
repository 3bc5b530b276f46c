// Checks the files of an export against SHA256SUMS: nothing missing, changed, linked or added.

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { sha256File } from '../imaging/index.ts';
import { parseSums, SUMS_FILE } from './checksums.ts';
import type { ProblemList } from './verify-problem.ts';

const LARGEST_TEXT = 256 * 1024 * 1024;
/** Files that systems leave in every folder they show. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export interface FoundFiles {
  /** Hash that the bytes of every regular file really have, by path. */
  readonly hashes: Map<string, string>;
  readonly bytes: number;
}

/** Hashes everything and compares; problems are appended. */
export async function verifyFiles(
  dir: string,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<FoundFiles> {
  const present = await listFiles(dir, problems);
  const text = present.has(SUMS_FILE) ? await readText(dir, SUMS_FILE) : null;
  if (text === null) {
    problems.add(SUMS_FILE, 'SHA256SUMS is missing: the export was not finished or not copied whole.');
  }
  const sums = text === null ? null : await problems.attempt(SUMS_FILE, () => parseSums(text));
  const hashes = new Map<string, string>();
  let bytes = 0;
  for (const file of present) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const hash = await problems.attempt(file, () => sha256File(join(dir, file), signal));
    if (hash === null) continue;
    hashes.set(file, hash);
    bytes += (await lstat(join(dir, file))).size;
    if (sums === null || file === SUMS_FILE) continue;
    const expected = sums.get(file);
    if (expected === undefined)
      problems.add(file, `${file} is not in SHA256SUMS.`, 'Remove it; it does not belong to the export.');
    else if (expected !== hash) problems.add(file, `${file} was changed after the export.`);
  }
  for (const file of sums?.keys() ?? []) if (!present.has(file)) problems.add(file, `${file} is missing.`);
  return { hashes, bytes };
}

/** Reads a text file of the export; bounded. */
export async function readText(dir: string, file: string): Promise<string> {
  const path = join(dir, file);
  const info = await lstat(path);
  if (info.size > LARGEST_TEXT)
    throw new AppError('verify-failed', `${file} is far too large (${info.size} bytes).`, { file });
  return readFile(path, 'utf8');
}

async function listFiles(dir: string, problems: ProblemList): Promise<Set<string>> {
  const found = new Set<string>();
  const queue = [''];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (LITTER.has(entry.name)) continue;
      if (entry.isDirectory()) queue.push(file);
      else if (entry.isFile()) found.add(file);
      else
        problems.add(
          file,
          `${file} is a link or device, not a file.`,
          'Remove it; it does not belong to the export.',
        );
    }
  }
  return found;
}
