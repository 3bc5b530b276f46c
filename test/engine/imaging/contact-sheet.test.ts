// Contact sheets and previews: sizes, pages, and that captions and pictures are really there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SheetRow } from '../../../src/engine/imaging/index.ts';
import {
  composeContactSheets,
  decodePicture,
  encodePng,
  previewDataUri,
} from '../../../src/engine/imaging/index.ts';
import { boxMask, testRaster } from './make-pictures.ts';

const columns = ['source', 'generated', 'mask', 'nearest real'];
const red = {
  width: 10,
  height: 20,
  channels: 3 as const,
  data: new Uint8Array(600).map((_, i) => (i % 3 === 0 ? 255 : 0)),
};

function row(label: string, flags: string[] = []): SheetRow {
  const tiles = [
    { picture: red },
    { picture: testRaster(30, 20, 1, true) },
    { picture: boxMask(20, 20, 5, 5, 5, 5) },
    { picture: null },
  ];
  return { label, flags, tiles: tiles.map((t, i) => ({ ...t, caption: `tile ${i} & <more>` })) };
}

test('rows become pages of at most maxRows, with the same bytes each time', async () => {
  const rows = Array.from({ length: 5 }, (_, i) => row(`picture ${i}`));
  const pages = await composeContactSheets(rows, { title: 'Sheet', columns, tile: 64, maxRows: 2 });
  assert.equal(pages.length, 3);
  const decoded = await Promise.all(pages.map(async (p) => (await decodePicture(p)).raster));
  assert.ok(decoded[0].height > decoded[2].height);
  assert.equal(decoded[0].width, 12 + 4 * (64 + 12));
  assert.deepEqual(
    await composeContactSheets(rows, { title: 'Sheet', columns, tile: 64, maxRows: 2 }),
    pages,
  );
});

test('pictures are fitted, flags are red, text is drawn', async () => {
  const [page] = await composeContactSheets([row('flagged', ['mask too small'])], {
    title: 'T',
    columns,
    tile: 64,
  });
  const { raster } = await decodePicture(page);
  const count = (want: (r: number, g: number, b: number) => boolean): number => {
    let n = 0;
    for (let i = 0; i < raster.data.length; i += 3)
      if (want(raster.data[i], raster.data[i + 1], raster.data[i + 2])) n++;
    return n;
  };
  // 10x20 scaled to 32x64.
  assert.equal(
    count((r, g, b) => r === 255 && g === 0 && b === 0),
    32 * 64,
  );
  assert.ok(count((r, g, b) => r > 150 && r < 255 && g < 60 && b < 80) > 10, 'the flag');
  assert.ok(count((r, g, b) => r < 80 && g < 80 && b < 80) > 100, 'captions');
});

test('no rows give one page with the heads; cancelling is heeded', async () => {
  assert.equal((await composeContactSheets([], { title: 'none', columns })).length, 1);
  const signal = AbortSignal.abort();
  await assert.rejects(composeContactSheets([row('a')], { title: 'x', columns, signal }), {
    code: 'cancelled',
  });
});

test('previews are small data URIs', async () => {
  const uri = await previewDataUri(await encodePng(testRaster(300, 200, 3)), 60);
  assert.match(uri, /^data:image\/jpeg;base64,/);
  const back = await decodePicture(new Uint8Array(Buffer.from(uri.split(',')[1], 'base64')));
  assert.deepEqual([back.raster.width, back.raster.height], [60, 40]);
  assert.match(await previewDataUri(boxMask(10, 10, 1, 1, 3, 3), 60), /^data:image\/png/);
});
