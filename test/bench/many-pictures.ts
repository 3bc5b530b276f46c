// A workspace of many small pictures, as an import leaves it: files as blobs, rows in the real database. A few hundred
// drawings are encoded; every file of one carries its own number as a comment, so all differ by content.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { systemClock } from '../../src/engine/ids.ts';
import { encodeThumb } from '../../src/engine/imaging/thumb-vector.ts';
import { insertImage } from '../../src/engine/store/images.ts';
import { putLook, putNearDuplicates } from '../../src/engine/store/looks.ts';
import { insertProduct, insertType } from '../../src/engine/store/products.ts';
import { openWorkspace } from '../../src/engine/workspace.ts';

const WIDTH = 640;
const HEIGHT = 480;
const DRAWINGS = 300;
const TYPES = ['scratch', 'dent', 'stain'];
const PER_WRITE = 1000;

interface Drawing {
  jpeg: Buffer;
  /** As the engine keeps it for the grid. */
  small: Buffer;
  look: Uint8Array;
}

/** Rough ground with a bar pattern that spells the number. */
async function draw(n: number): Promise<Drawing> {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let i = 0, state = n + 1; i < data.length; i += 3) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    const v = 90 + (n % 60) + ((state >> 16) % 24);
    data[i] = data[i + 1] = data[i + 2] = v;
  }
  for (let bit = 0; bit < 10; bit++) {
    const value = (n >> bit) & 1 ? 40 : 210;
    for (let y = 120; y < 360; y++)
      data.fill(value, 3 * (y * WIDTH + 40 + bit * 56), 3 * (y * WIDTH + 80 + bit * 56));
  }
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 as const };
  const jpeg = await sharp(data, { raw }).jpeg({ quality: 80 }).toBuffer();
  const small = await sharp(jpeg)
    .resize(256, 256, { fit: 'inside' })
    .webp({ quality: 86, effort: 1 })
    .toBuffer();
  const look = Uint8Array.from(await encodeThumb(small), (v) => Math.round(255 * v));
  return { jpeg, small, look };
}

/** The picture with a comment in it: other bytes, the same pixels. */
function numbered(jpeg: Buffer, n: number): Buffer {
  const text = Buffer.from(`picture ${n}`);
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)]);
}

/** `prepared`: the small versions are there, as after the background job. */
export async function manyPictures(folder: string, count: number, { prepared }: { prepared: boolean }) {
  const clock = systemClock();
  const workspace = await openWorkspace(folder, { clock, create: true });
  const { db } = workspace;
  const productId = clock.newId();
  const types = TYPES.map((name) => ({ id: clock.newId(), productId, name }));
  db.transaction(() => {
    insertProduct(db, { id: productId, name: 'part', createdAt: clock.now() });
    for (const type of types) insertType(db, type);
  });
  const drawings: Drawing[] = [];
  for (let n = 0; n < DRAWINGS; n++) drawings.push(await draw(n));
  const blobs: string[] = [];
  const put = (n: number): void => {
    const { jpeg, small, look } = drawings[n % DRAWINGS];
    const bytes = numbered(jpeg, n);
    const blob = createHash('sha256').update(bytes).digest('hex');
    blobs.push(blob);
    write(workspace.blobs.path(blob), bytes);
    if (prepared) {
      write(join(folder, 'cache', blob.slice(0, 2), `${blob}-picture-256.webp`), small);
      putLook(db, blob, look);
    }
    const kind = n % 10;
    const type = kind < 3 ? types[kind] : null;
    const split = kind < 7 ? 'train' : 'test';
    insertImage(db, {
      id: clock.newId(),
      productId,
      role: type === null ? (kind === 9 ? 'unlabelled' : 'normal') : 'defect',
      split,
      typeId: type?.id ?? null,
      blob,
      source: '/photos',
      file: `line-${n % 4}/part-${String(n).padStart(6, '0')}.jpg`,
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
      bitDepth: 8,
      group: null,
      importedSplit: split,
      importedGroup: null,
      createdAt: clock.now(),
    });
  };
  for (let first = 0; first < count; first += PER_WRITE) {
    db.transaction(() => {
      for (let n = first; n < Math.min(count, first + PER_WRITE); n++) put(n);
    });
  }
  if (prepared) db.transaction(() => putNearDuplicates(db, productId, blobs, []));
  workspace.close();
}

function write(file: string, bytes: Uint8Array): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
}
