// Folders to choose from in a window that cannot show the system's dialog.

import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, parse, resolve } from 'node:path';
import type { FolderEntry } from '../../contract/host/host-contract.ts';
import { AppError } from '../../core/base/errors.ts';
import { translateFsError } from '../../engine/blobs/fs-error.ts';
import { isWorkspace } from '../../engine/workspace-files.ts';

/** A folder of more than this is cut: nobody scrolls on. */
const MOST_ENTRIES = 5000;
const PICTURE = /\.(png|jpe?g|tiff?|bmp|webp)$/i;

export async function listFolder(given: string | undefined, endings: readonly string[]) {
  const folder = given === undefined ? homedir() : resolved(given);
  let found: { name: string; folder: boolean }[];
  try {
    const read = await readdir(folder, { withFileTypes: true });
    found = read.map((e) => ({ name: e.name, folder: e.isDirectory() || e.isSymbolicLink() }));
  } catch (error) {
    throw translateFsError(error, folder);
  }
  const shown = found
    .filter(({ name }) => !name.startsWith('.'))
    .filter(({ name, folder: is }) => is || endings.some((end) => name.toLowerCase().endsWith(end)))
    .sort((a, b) => Number(b.folder) - Number(a.folder) || compareNames(a.name, b.name));
  const parent = dirname(folder);
  return {
    folder,
    parent: parent === folder ? null : parent,
    pictures: found.filter(({ name }) => PICTURE.test(name)).length,
    entries: shown
      .slice(0, MOST_ENTRIES)
      .map(({ name, folder: is }) => toEntry(join(folder, name), name, is)),
    cut: shown.length > MOST_ENTRIES,
    roots: roots(),
  };
}

export async function createFolder(parent: string, name: string): Promise<{ path: string }> {
  const path = join(resolved(parent), name);
  if (name === '.' || name === '..') throw new AppError('usage', 'a folder needs a name', { file: path });
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new AppError('usage', 'there is something of this name already', {
        file: path,
        hint: 'Take another name.',
      });
    throw translateFsError(error, path);
  }
  return { path };
}

function resolved(path: string): string {
  if (!isAbsolute(path)) throw new AppError('usage', 'a folder is named by its whole path', { file: path });
  return resolve(path);
}

function toEntry(path: string, name: string, folder: boolean): FolderEntry {
  return { name, path, kind: folder ? (isWorkspace(path) ? 'workspace' : 'folder') : 'file' };
}

function roots(): { name: string; path: string }[] {
  const home = homedir();
  const common = [home, join(home, 'Pictures'), join(home, 'Documents'), join(home, 'Desktop')];
  const places = process.platform === 'win32' ? drives() : ['/', '/media', '/mnt', '/Volumes'];
  const there = [...common, ...places].filter((path) => existsSync(path));
  return there.map((path) => ({ name: path === home ? '~' : parse(path).base || path, path }));
}

function drives(): string[] {
  return Array.from({ length: 24 }, (_, i) => `${String.fromCharCode(67 + i)}:\\`);
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
