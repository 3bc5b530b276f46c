// Pictures of every kind that is decoded, as pictures and as masks.

import { crc32 } from 'node:zlib';
import type { Rng } from '../../../src/core/base/rng.ts';
import { type PictureFormat, pictureKind } from '../../../src/core/formats/picture-kind.ts';
import { decodeMask, decodePicture, encodeMaskPng, encodePng } from '../../../src/engine/imaging/index.ts';
import { boxMask, encoded, testRaster, turnedJpeg } from '../../engine/imaging/make-pictures.ts';
import { damageBytes } from '../mutate-bytes.ts';
import { type FuzzTarget, once, target } from '../target.ts';

/** Uncompressed, 24 bit, rows from the bottom. */
function bmp(width: number, height: number): Uint8Array {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height, 0x55);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.fill(0, 6, 54);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return new Uint8Array(bytes);
}

/** Repairs the checksum of every chunk that is still whole, so that decoders look further than that. */
function withChecksums(png: Uint8Array): Uint8Array {
  const out = Buffer.from(png);
  for (let at = 8; at + 12 <= out.length; ) {
    const end = at + 8 + out.readUInt32BE(at);
    if (end + 4 > out.length) break;
    out.writeUInt32BE(crc32(out.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return new Uint8Array(out);
}

type Seeds = () => Promise<readonly Uint8Array[]>;

const SEEDS: Readonly<Record<PictureFormat, Seeds>> = {
  png: once(() =>
    Promise.all([
      encodePng(testRaster(9, 7, 3)),
      encodePng(testRaster(9, 7, 1, true)),
      encodePng(testRaster(5, 6, 4)),
      encodeMaskPng(boxMask(12, 8, 2, 2, 5, 3)),
    ]),
  ),
  tiff: once(() =>
    Promise.all([
      encoded(testRaster(9, 7, 3), 'tiff'),
      encoded(testRaster(9, 7, 1, true), 'tiff'),
      encoded(testRaster(5, 6, 4), 'tiff'),
    ]),
  ),
  jpeg: once(() => Promise.all([encoded(testRaster(16, 12, 3), 'jpeg'), turnedJpeg(testRaster(9, 7, 3), 6)])),
  webp: once(() => Promise.all([encoded(testRaster(9, 7, 3), 'webp')])),
  bmp: once(async () => [bmp(5, 4)]),
};

/** Bytes that say what the file is; they are hit only sometimes. */
const SIGNATURE: Readonly<Record<PictureFormat, number>> = { png: 8, tiff: 4, jpeg: 3, webp: 12, bmp: 2 };

async function make(format: PictureFormat, rng: Rng): Promise<Uint8Array> {
  const seed = rng.pick(await SEEDS[format]());
  const damaged = damageBytes(seed, rng, rng.chance(0.9) ? SIGNATURE[format] : 0);
  return format === 'png' && rng.chance(0.7) ? withChecksums(damaged) : damaged;
}

const WEIGHTS: Readonly<Record<PictureFormat, number>> = { png: 7, tiff: 6, jpeg: 3, webp: 2, bmp: 2 };

export const pictures: readonly FuzzTarget[] = (Object.keys(WEIGHTS) as PictureFormat[]).map((format) =>
  target<Uint8Array>({
    name: format,
    firstStage: `it is recognised as ${format.toUpperCase()}`,
    weight: WEIGHTS[format],
    make: (rng) => make(format, rng),
    passes(bytes) {
      const kind = pictureKind(bytes.subarray(0, 512));
      return kind.kind === 'picture' && kind.format === format;
    },
    async run(bytes) {
      const { raster } = await decodePicture(bytes, { name: `fuzz.${format}` });
      const { width, height, channels, data } = raster;
      if (data.length !== width * height * channels) throw new Error(`${data.length} samples`);
      await decodeMask(bytes, { width, height }, { name: `fuzz.${format}` });
    },
  }),
);
