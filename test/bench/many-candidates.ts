// A workspace with many generated pictures to review: files as blobs, rows in the real database. A few drawings are
// encoded; every file of one carries its own number as text, so all differ by content.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { systemClock } from '../../src/engine/ids.ts';
import { insertGeneration } from '../../src/engine/store/generations.ts';
import { insertImage } from '../../src/engine/store/images.ts';
import { insertProduct, insertType } from '../../src/engine/store/products.ts';
import { insertRun } from '../../src/engine/store/runs.ts';
import { openWorkspace } from '../../src/engine/workspace.ts';

/** One megapixel. */
const SIDE = 1024;
const DRAWINGS = 24;
const AT = { x: 400, y: 420, width: 128, height: 128 };

/** A rough plate as hard to decode as a photo, with a dark mark. */
async function draw(n: number, marked: boolean): Promise<Buffer> {
  const data = Buffer.alloc(SIDE * SIDE * 3);
  for (let i = 0, state = n + 1; i < data.length; i += 3) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    const v = 110 + 3 * n + ((state >> 16) % 9);
    data[i] = v + 2;
    data[i + 1] = v;
    data[i + 2] = v - 2;
  }
  if (marked)
    for (let y = AT.y; y < AT.y + AT.height; y += 1)
      data.fill(40, 3 * (y * SIDE + AT.x + (y % 50)), 3 * (y * SIDE + AT.x + (y % 50) + 8));
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png({ compressionLevel: 3 })
    .toBuffer();
}

async function drawMask(): Promise<Buffer> {
  const data = Buffer.alloc(SIDE * SIDE);
  for (let y = AT.y; y < AT.y + AT.height; y++)
    data.fill(255, y * SIDE + AT.x + (y % 50), y * SIDE + AT.x + (y % 50) + 8);
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .png()
    .toBuffer();
}

/** A PNG with a text chunk before its end: other bytes, the same pixels. */
function numbered(png: Buffer, n: number): Buffer {
  const body = Buffer.from(`tEXtComment\0picture ${n}`, 'latin1');
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)]);
}

export async function manyCandidates(folder: string, count: number): Promise<void> {
  const clock = systemClock();
  const workspace = await openWorkspace(folder, { clock, create: true });
  const { db } = workspace;
  const put = (bytes: Buffer): string => {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const file = workspace.blobs.path(hash);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, bytes);
    return hash;
  };
  const goods: Buffer[] = [];
  const made: Buffer[] = [];
  for (let n = 0; n < DRAWINGS; n++) {
    goods.push(await draw(n, false));
    made.push(await draw(n, true));
  }
  const mask = await drawMask();
  const [productId, typeId, runId] = [clock.newId(), clock.newId(), clock.newId()];
  const at = clock.now();
  const sources: string[] = [];
  db.transaction(() => {
    insertProduct(db, { id: productId, name: 'plate', createdAt: at });
    insertType(db, { id: typeId, productId, name: 'scratch' });
    for (const [n, good] of goods.entries()) {
      const id = clock.newId();
      sources.push(id);
      insertImage(db, {
        id,
        productId,
        role: 'normal',
        split: 'train',
        typeId: null,
        blob: put(good),
        source: '/photos',
        file: `train/good/${n}.png`,
        width: SIDE,
        height: SIDE,
        channels: 3,
        bitDepth: 8,
        group: null,
        importedSplit: 'train',
        importedGroup: null,
        createdAt: at,
      });
    }
    insertRun(db, {
      id: runId,
      kind: 'generate',
      productId,
      packId: null,
      method: 'paste',
      params: { generator: 'paste', type: 'scratch', count },
      seed: 0,
      identity: '0'.repeat(64),
      identityParts: {} as never,
      datasetRevision: '0'.repeat(64),
      device: 'cpu',
      state: { state: 'done', at, outcome: {} },
      createdAt: at,
      updatedAt: at,
    });
    for (let n = 0; n < count; n++) {
      insertGeneration(db, {
        id: clock.newId(),
        runId,
        index: n,
        productId,
        generator: 'paste',
        typeId,
        seed: n,
        sourceImageId: sources[n % DRAWINGS],
        sourceUse: 'source',
        window: AT,
        imageBlob: put(numbered(made[n % DRAWINGS], n)),
        maskBlob: put(numbered(mask, n)),
        label: 'mask',
        width: SIDE,
        height: SIDE,
        recipe: {},
        recipeHash: '0'.repeat(64),
        checks: { outside: null, agreement: null },
        flags: [],
        createdAt: at,
      });
    }
  });
  workspace.close();
}
