// The format fixtures: decoded pixels as an independent decoder gives them, and the hostile files refused.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeMask, decodePicture } from '../../../src/engine/imaging/index.ts';
import { shared, skipWithout } from './make-pictures.ts';

const formats = shared('fixtures/formats');
const skip = skipWithout(formats);

interface BadFile {
  file: string;
  expect: 'reject' | 'warn' | 'accept';
}

/** Expected pixels by file name. */
function expectedPixels(): Map<string, { shape: number[]; values: ArrayLike<number> }> {
  const bytes = readFileSync(join(formats!, 'expected_pixels.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  delete header.__metadata__;
  return new Map(
    Object.entries<{ dtype: string; shape: number[]; data_offsets: [number, number] }>(header).map(
      ([name, info]) => {
        const [from, to] = info.data_offsets;
        const part = new Uint8Array(bytes.subarray(8 + length + from, 8 + length + to));
        return [
          name,
          { shape: info.shape, values: info.dtype === 'I32' ? new Int32Array(part.buffer) : part },
        ];
      },
    ),
  );
}

test('decoded pixels equal the expected ones: exact, JPEG within 3, CMYK within 6', { skip }, async () => {
  const expected = expectedPixels();
  assert.equal(expected.size, 10);
  for (const [name, { shape, values }] of expected) {
    const { raster } = await decodePicture(join(formats!, 'images', name));
    assert.deepEqual(
      [raster.height, raster.width, ...(raster.channels > 1 ? [raster.channels] : [])],
      shape,
      name,
    );
    const tolerance = name === '005.jpg' ? 6 : name === '004.jpg' ? 3 : 0;
    let worst = 0;
    for (let i = 0; i < values.length; i++) worst = Math.max(worst, Math.abs(values[i] - raster.data[i]));
    assert.ok(worst <= tolerance, `${name}: off by ${worst}`);
  }
});

test('bad pictures are refused or taken as the index says', { skip }, async () => {
  const { bad } = JSON.parse(readFileSync(join(formats!, 'index.json'), 'utf8')) as { bad: BadFile[] };
  const present = new Set(await readdir(join(formats!, 'bad')));
  const pictures = bad.filter(
    (b) => present.has(b.file) && !/\.(?:json|txt|xml|csv|safetensors)$/.test(b.file),
  );
  assert.ok(pictures.length >= 28, `${pictures.length} pictures`);
  for (const { file, expect } of pictures) {
    const decoding = decodePicture(join(formats!, 'bad', file), { name: file });
    if (expect === 'reject') await assert.rejects(decoding, { code: 'bad-image' }, file);
    else await assert.doesNotReject(decoding, file);
  }
});

test('bad masks: refused, or taken with a note', { skip }, async () => {
  const expect = { width: 64, height: 48 };
  const at = (file: string): string => join(formats!, 'bad', file);
  await assert.rejects(decodeMask(at('mask_mismatch/000_mask.png'), expect), { code: 'bad-mask' });
  await assert.rejects(decodeMask(at('mask_all_black_for_defect.png'), expect), { code: 'bad-mask' });
  for (const file of ['mask_values_0_1.png', 'mask_lossy.jpg', 'mask_all_white.png', 'mask_in_alpha.png']) {
    const { areaPx, notes } = await decodeMask(at(file), expect);
    assert.ok(areaPx > 0 && notes.length > 0, file);
  }
});

test('the masks of the fixtures have the areas the index gives', { skip }, async () => {
  const { files } = JSON.parse(readFileSync(join(formats!, 'index.json'), 'utf8'));
  for (const [name, { mask_pixels }] of Object.entries<{ mask_pixels: number }>(files)) {
    if (mask_pixels === 0) continue;
    const [mask] = (await readdir(join(formats!, 'masks'))).filter((f) => f.startsWith(name.slice(0, 3)));
    const { areaPx } = await decodeMask(join(formats!, 'masks', mask), { width: 64, height: 48 });
    assert.equal(areaPx, mask_pixels, name);
  }
});
