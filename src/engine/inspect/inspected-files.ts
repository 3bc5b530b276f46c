// The pictures a user names for inspection: files, and the pictures of folders with all their subfolders.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';

const PICTURE = /\.(png|bmp|tiff?|webp|jpe?g)$/i;
const MOST = 20_000;

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((e) => e.isFile() && !e.name.startsWith('.') && PICTURE.test(e.name))
    .map((e) => join(e.parentPath, e.name))
    .sort(compareCodePoints);
}

/** Each file once, folders opened. Throws `not-found` or `usage`, naming the path. */
export async function inspectedFiles(paths: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new AppError('not-found', 'there is no such picture or folder', { file: path }, cause);
    });
    const own = found.isDirectory() ? await picturesIn(path) : [path];
    if (own.length === 0) {
      throw new AppError('not-found', 'the folder holds no pictures', {
        file: path,
        hint: 'PNG, JPEG, TIFF, BMP and WebP are read.',
      });
    }
    for (const file of own) files.add(file);
    if (files.size > MOST)
      throw new AppError('usage', `more than ${MOST} pictures at once`, { file: path, hint: 'Name fewer.' });
  }
  return [...files];
}
