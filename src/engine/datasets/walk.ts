// Lists a source folder: bounded, never out of it, never through a linked folder, never opening a pipe.

import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { ImportProblem } from '../../core/domain/import-report.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';

export interface WalkedFile {
  /** Relative to the source, with '/'. */
  readonly file: string;
  readonly absPath: string;
}

export interface WalkResult {
  /** Sorted by code point. */
  readonly files: WalkedFile[];
  /** Relative folders with '/', without the source itself. */
  readonly folders: string[];
  readonly problems: ImportProblem[];
}

export interface WalkLimits {
  readonly maxEntries: number;
  readonly maxDepth: number;
}

export const WALK_LIMITS: WalkLimits = { maxEntries: 200_000, maxDepth: 12 };

/** Walks `root`; a missing or unreadable root throws, anything below it becomes a problem. */
export async function walkFolder(
  root: string,
  signal?: AbortSignal,
  limits: WalkLimits = WALK_LIMITS,
): Promise<WalkResult> {
  const realRoot = await openRoot(root);
  const result: WalkResult = { files: [], folders: [], problems: [] };
  const queue: { file: string; depth: number }[] = [{ file: '', depth: 0 }];
  let entries = 0;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const folder = next.file;
    let found: Dirent[];
    try {
      found = await readdir(join(realRoot, folder), { withFileTypes: true });
    } catch {
      result.problems.push(
        problem(folder, 'reject', 'the folder may not be read', 'Ask for read permission.'),
      );
      continue;
    }
    entries += found.length;
    if (entries > limits.maxEntries) {
      throw new AppError('bad-dataset', `${root} holds more than ${limits.maxEntries} files and folders.`, {
        file: root,
        hint: 'Name the folder of one product, not a whole drive.',
      });
    }
    for (const entry of found.sort((a, b) => compareCodePoints(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue;
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const kind = await entryKind(realRoot, file, entry, result.problems);
      if (kind === 'file') result.files.push({ file, absPath: join(realRoot, file) });
      if (kind !== 'folder') continue;
      if (next.depth + 1 > limits.maxDepth) {
        result.problems.push(
          problem(file, 'warn', `more than ${limits.maxDepth} folders deep, left out`, 'Move it up.'),
        );
        continue;
      }
      result.folders.push(file);
      queue.push({ file, depth: next.depth + 1 });
    }
  }
  result.files.sort((a, b) => compareCodePoints(a.file, b.file));
  result.folders.sort(compareCodePoints);
  return result;
}

async function openRoot(root: string): Promise<string> {
  let real: string;
  let info: Stats;
  try {
    real = await realpath(root);
    info = await stat(real);
  } catch (cause) {
    throw new AppError(
      'not-found',
      `${root} does not exist or may not be read.`,
      { file: root, hint: 'Check the name of the folder.' },
      cause,
    );
  }
  if (info.isDirectory()) return real;
  throw new AppError('not-found', `${root} is a file, not a folder.`, {
    file: root,
    hint: 'Name the folder that holds the pictures.',
  });
}

/** What an entry is; refusals are reported and count as `skip`. */
async function entryKind(
  root: string,
  file: string,
  entry: Dirent,
  problems: ImportProblem[],
): Promise<'file' | 'folder' | 'skip'> {
  if (file.includes('\ufffd')) {
    problems.push(problem(file, 'warn', 'the name is not valid UTF-8, left out', 'Rename the file.'));
    return 'skip';
  }
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return linkKind(root, file, join(root, file), problems);
  problems.push(problem(file, 'reject', 'a pipe or device, refused', 'Copy the picture into a normal file.'));
  return 'skip';
}

async function linkKind(
  root: string,
  file: string,
  path: string,
  problems: ImportProblem[],
): Promise<'file' | 'skip'> {
  const hint = 'Replace the link by a copy of the file.';
  try {
    const target = await realpath(path);
    if (target !== root && !target.startsWith(root.endsWith(sep) ? root : root + sep)) {
      problems.push(problem(file, 'reject', 'a link that leads out of the folder, refused', hint));
    } else if ((await stat(target)).isFile()) {
      return 'file';
    } else {
      problems.push(
        problem(file, 'warn', 'a linked folder, not followed', 'Replace the link by the folder itself.'),
      );
    }
  } catch (cause) {
    const loop = (cause as NodeJS.ErrnoException).code === 'ELOOP';
    const what = loop
      ? 'a link that leads to itself, refused'
      : 'a link to a file that does not exist, left out';
    problems.push(problem(file, loop ? 'reject' : 'warn', what, hint));
  }
  return 'skip';
}

function problem(file: string, level: ImportProblem['level'], message: string, hint: string): ImportProblem {
  return { file: file === '' ? '.' : file, code: 'bad-dataset', level, message, hint, action: 'skipped' };
}
