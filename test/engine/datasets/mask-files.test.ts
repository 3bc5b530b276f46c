// Mask pictures handed over: a file is itself, a folder its pictures in one order everywhere.

import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { maskFiles } from '../../../src/engine/datasets/mask-files.ts';
import { put, tempFolder } from '../imaging/make-pictures.ts';

async function folderOf(t: TestContext, ...names: string[]): Promise<string> {
  const folder = await tempFolder(t);
  for (const name of names) await put(folder, name, 'not looked into');
  return folder;
}

const refusal = (code: string, file: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AppError);
  assert.deepEqual([error.code, error.details.file], [code, file]);
  assert.match(error.message, message);
  return true;
};

test('a file is itself, whatever it is called', async (t) => {
  const folder = await folderOf(t, 'mask.dat', 'other.png');
  const file = join(folder, 'mask.dat');
  assert.deepEqual(await maskFiles(file), [file]);
});

test('a folder gives its pictures by code point, and no other files', async (t) => {
  const folder = await folderOf(
    t,
    'b.png',
    'C.PNG',
    'a10.bmp',
    'a9.tif',
    'a2.tiff',
    // Code points, not the halves that UTF-16 writes the second one in.
    '｡.webp',
    '😀.png',
    'z.jpg',
    'z.jpeg',
    'notes.txt',
    'png',
    'mask.png.bak',
    'deeper/c.png',
  );
  const names = (await maskFiles(folder)).map((file) => relative(folder, file));
  assert.deepEqual(names, [
    'C.PNG',
    'a10.bmp',
    'a2.tiff',
    'a9.tif',
    'b.png',
    'z.jpeg',
    'z.jpg',
    '｡.webp',
    '😀.png',
  ]);
});

test('what is not there is refused by its path', async (t) => {
  const path = join(await tempFolder(t), 'none');
  await assert.rejects(maskFiles(path), refusal('not-found', path, /no such mask picture or folder/));
});

test('a folder without pictures is refused, and told how they should look', async (t) => {
  const folder = await folderOf(t, 'notes.txt');
  await assert.rejects(maskFiles(folder), (error) => {
    refusal('bad-mask', folder, /holds 0 mask pictures/)(error);
    return /PNG/.test((error as AppError).details.hint as string);
  });
});
