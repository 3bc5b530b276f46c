// The report service: two sheets and a report whose numbers are those of the pictures.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodePicture, encodeMaskPng, encodePng } from '../../../src/engine/imaging/index.ts';
import { reportService } from '../../../src/engine/reports/service.ts';
import { spread } from '../../../src/engine/reports/sheet-rows.ts';
import { viewRect } from '../../../src/engine/reports/view.ts';
import type { ReportJob } from '../../../src/engine/services.ts';
import { boxMask, put, tempFolder, testRaster } from '../imaging/make-pictures.ts';
import { realPicture, storedPicture } from '../support/pictures.ts';

const W = 200;
const H = 120;
const MASK = boxMask(W, H, 150, 90, 30, 20);

async function job(folder: string): Promise<ReportJob> {
  const good = await realPicture(folder, 'train/good/000.png', testRaster(W, H, 3), null, null);
  const shot = await realPicture(folder, 'test/hole/007.png', testRaster(W, H, 3, false, 1), 'hole', MASK);
  const path = await put(folder, 'made', await encodePng(testRaster(W, H, 3, false, 2)));
  const maskPath = await put(folder, 'mask', await encodeMaskPng(MASK));
  const size = { path, width: W, height: H, source: good };
  const passed = storedPicture({ ...size, id: '01A', maskPath });
  const flagged = storedPicture({
    ...size,
    id: '01B',
    maskPath,
    flags: ['agreement'],
    checks: {
      outside: { changed: 0, grownBy: 4 },
      agreement: { changedInMask: 0.5, contrast: 0.7 },
      areaRatio: 1,
      reasons: ['50 % of the mask visibly changed, less than 70 %'],
    },
  });
  const whole = await put(folder, 'whole', await encodePng(testRaster(64, 60, 3, false, 3)));
  const blind = await put(folder, 'blind', await encodeMaskPng(boxMask(64, 60, 0, 0, 0, 0)));
  const seas = storedPicture({
    id: '01S',
    path: whole,
    maskPath: blind,
    width: 64,
    height: 60,
    source: good,
    sourceUse: 'reference',
    generator: 'seas',
    window: { x: -2, y: 0, width: 66, height: 60 },
    flags: ['empty-mask'],
    checks: {
      outside: null,
      agreement: null,
      areaRatio: 0,
      contrastRatio: 0,
      reasons: ['no defect was seen'],
    },
  });
  const numbers = {
    training: {
      steps: 240,
      heldOutLossBefore: 0.4,
      heldOutLossAfter: 0.3,
      heldOutLossFall: 0.25,
      largestWeightChange: 0.012,
      lossCurve: [
        { step: 10, loss: 1, L_df: 0.5, DA_2: 0.2 },
        { step: 20, loss: 0.8, L_df: 0.4, DA_2: 0.1 },
      ],
      maskNetwork: { iou: 0.61, windows: 24, steps: 160 },
    },
    accepted: 1,
    exportedFiles: 9,
  };
  const out = join(folder, 'out');
  return { out, product: 'nut', generated: [passed, flagged], seas: [seas], shots: [shot], numbers };
}

test('sheets and report are written and tell the numbers', async (t) => {
  const made = await job(await tempFolder(t));
  const { sheet, seasSheet, report } = await reportService.write(made, new AbortController().signal);
  assert.ok(seasSheet);
  const { raster } = await decodePicture(sheet);
  assert.ok(raster.width > 700 && raster.height > 400, `${raster.width}x${raster.height}`);
  await decodePicture(seasSheet);
  const html = await readFile(report, 'utf8');
  const text = html
    .replaceAll(/data:image[^"]*/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  for (const part of [
    '✓ 25 %',
    'fine-tuning steps 240',
    '0.610 (24 windows)',
    'pixels changed outside the edit regions ✓ 0 (2 pictures checked)',
    'windows: flagged 1 of 2',
    'windows: flagged for agreement 1',
    'seas: flagged for empty-mask 1',
    '✓ 70 %',
    '50 % of the mask visibly changed, less than 70 %',
    'no defect was seen',
    '3 pictures, 2 flagged',
    'contrast against the real defects, median ✓ 0.90',
  ])
    assert.ok(text.includes(part), `"${part}" is not in: ${text.slice(0, 3000)}`);
  assert.equal(html.match(/<polyline/g)?.length, 3);
  for (const caption of ['nut: windows', 'nut: seas']) assert.match(html, new RegExp(`<h2>${caption}</h2>`));
});

test('without measurements nothing is claimed, and a cancelled report writes no file', async (t) => {
  const folder = await tempFolder(t);
  const made = { ...(await job(folder)), generated: [], seas: [], numbers: {} };
  const { seasSheet, report } = await reportService.write(made, new AbortController().signal);
  assert.equal(seasSheet, null);
  const html = await readFile(report, 'utf8');
  assert.ok((html.match(/not measured/g)?.length ?? 0) >= 8);
  await assert.rejects(reportService.write({ ...made, out: join(folder, 'x') }, AbortSignal.abort()), {
    code: 'cancelled',
  });
  await assert.rejects(readFile(join(folder, 'x', 'report.html')), { code: 'ENOENT' });
});

test('a view holds the whole defect and lies in the picture', () => {
  const rect = viewRect({ width: W, height: H }, MASK);
  assert.deepEqual(rect, { x: 133, y: 56, width: 64, height: 64 });
  const all = viewRect({ width: 50, height: 40 }, boxMask(50, 40, 0, 0, 50, 40));
  assert.deepEqual(all, { x: 0, y: 0, width: 50, height: 40 });
});

test('a sheet shows every type evenly', () => {
  const open = (type: string, i: number) => ({ stored: { type, id: `${type}${i}` } });
  const all = [...Array(30).keys()].map((i) => open(i < 25 ? 'a' : 'b', i)) as unknown as Parameters<
    typeof spread
  >[0];
  const ids = spread(all, 6).map((p) => p.stored.id);
  assert.deepEqual(ids, ['a0', 'a8', 'a16', 'b25', 'b26', 'b28']);
});
