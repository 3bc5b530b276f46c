// Pictures for tests: made by sharp (an encoder that is not ours) or by hand, in folders that vanish afterwards.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Mask, Raster } from '../../../src/core/image/raster.ts';

/** A temporary folder that is removed after the test. */
export async function tempFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flawsmith-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and the folders above it; returns its path. */
export async function put(folder: string, file: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** The folder shared/`name` beside the repository, or null on a machine that has none. */
export function shared(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url));
  return existsSync(path) ? path : null;
}

/** Why a test is skipped where ../shared is missing. */
export function skipWithout(path: string | null): string | false {
  return path === null ? '../shared is not here: not checked' : false;
}

/** A picture with a value of its own in every sample. */
export function testRaster(
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
  deep = false,
  salt = 0,
): Raster {
  const length = width * height * channels;
  const data = deep ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) data[i] = (i * 2654435761 + salt * 40503) >>> (deep ? 13 : 20);
  return { width, height, channels, data };
}

/** A filled rectangle. */
export function boxMask(width: number, height: number, x0: number, y0: number, w: number, h: number): Mask {
  const data = new Uint8Array(width * height);
  for (let y = y0; y < y0 + h; y++) for (let x = x0; x < x0 + w; x++) data[y * width + x] = 1;
  return { width, height, data };
}

/** Encodes by sharp, so that our decoder meets files we did not write. */
export async function encoded(
  raster: Raster,
  format: 'png' | 'jpeg' | 'tiff' | 'webp' = 'png',
): Promise<Uint8Array> {
  const { width, height, channels, data } = raster;
  const deep = data instanceof Uint16Array;
  const image = sharp(data, { raw: { width, height, channels } });
  const space = channels < 3 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  const options = { jpeg: { quality: 92 }, png: {}, tiff: { compression: 'lzw' }, webp: { lossless: true } }[
    format
  ];
  return new Uint8Array(await image.toColourspace(space).toFormat(format, options).toBuffer());
}

/** A JPEG whose EXIF says that it is to be turned. */
export async function turnedJpeg(raster: Raster, orientation: number): Promise<Uint8Array> {
  const { width, height, channels, data } = raster;
  const image = sharp(data, { raw: { width, height, channels } }).jpeg({
    quality: 95,
    chromaSubsampling: '4:4:4',
  });
  return new Uint8Array(await image.withMetadata({ orientation }).toBuffer());
}

/** A PNG of a mask, 0 and 255, by sharp. */
export function maskPng(mask: Mask, on = 255): Promise<Uint8Array> {
  return encoded({ width: mask.width, height: mask.height, channels: 1, data: mask.data.map((v) => v * on) });
}
