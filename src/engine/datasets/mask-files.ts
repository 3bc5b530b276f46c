// Mask pictures a user hands over: one file, or the pictures of a folder in the order of their names.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';

const PICTURE = /\.(png|bmp|tiff?|webp|jpe?g)$/i;
const MOST_FILES = 1_000;

/** Throws `not-found` or `bad-mask`, naming the path. */
export async function maskFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('not-found', 'there is no such mask picture or folder', { file: path }, cause);
  });
  if (found.isFile()) return [path];
  if (!found.isDirectory())
    throw new AppError('bad-mask', 'this is neither a picture nor a folder', { file: path });
  const names = (await readdir(path, { withFileTypes: true }))
    .filter((e) => (e.isFile() || e.isSymbolicLink()) && !e.name.startsWith('.') && PICTURE.test(e.name))
    .map((e) => e.name)
    .sort(compareCodePoints);
  if (names.length > 0 && names.length <= MOST_FILES) return names.map((name) => join(path, name));
  throw new AppError(
    'bad-mask',
    `the folder holds ${names.length} mask pictures, wanted 1 to ${MOST_FILES}`,
    {
      file: path,
      hint: 'Put the masks there as PNG: black background, white defect.',
    },
  );
}
