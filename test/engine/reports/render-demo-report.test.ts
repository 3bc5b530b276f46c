// The HTML report: one file, nothing fetched, nothing executed, all numbers there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeContactSheets, encodePng } from '../../../src/engine/imaging/index.ts';
import type { DemoReport } from '../../../src/engine/reports/index.ts';
import { renderDemoReport } from '../../../src/engine/reports/index.ts';
import { boxMask, testRaster } from '../imaging/make-pictures.ts';

async function sample(): Promise<DemoReport> {
  const [png] = await composeContactSheets([], { title: 'empty', columns: ['source'] });
  return {
    title: 'Demo <script>alert(1)</script>',
    subtitle: '3 shots & quick preset',
    notes: ['Masks of seas agree badly (IoU 0.3).'],
    numbers: [
      { label: 'held-out v-loss', value: '0.41', bar: 'at most 0.5', ok: true },
      { label: 'pictures', value: '12', bar: 'at least 60', ok: false },
      { label: 'seconds', value: '400' },
    ],
    curves: [
      {
        title: 'Loss',
        xLabel: 'step',
        yLabel: 'v-loss',
        series: [
          { name: 'training', points: Array.from({ length: 5000 }, (_, i) => [i, 1 / (i + 1)] as const) },
        ],
      },
      { title: 'Empty', xLabel: 'x', yLabel: 'y', series: [{ name: 'none', points: [[0, Number.NaN]] }] },
      { title: 'One point', xLabel: 'x', yLabel: 'y', series: [{ name: 'one', points: [[3, 3]] }] },
    ],
    pictures: [
      {
        id: '01A',
        type: 'scratch',
        generator: 'windows',
        picture: await encodePng(testRaster(200, 100, 3)),
        mask: boxMask(20, 20, 2, 2, 3, 3),
        checks: [{ name: 'changed in mask', value: '62 %', ok: false }],
        flags: ['less than 70 % of the mask changed'],
      },
      {
        id: '01B',
        type: 'good',
        generator: 'normal',
        picture: testRaster(30, 30, 1, true),
        mask: null,
        checks: [],
        flags: [],
      },
    ],
    sheets: [{ title: 'windows', png }],
  };
}

test('everything is in one file and escaped', async () => {
  const html = await renderDemoReport(await sample());
  assert.ok(html.startsWith('<!doctype html>'));
  assert.doesNotMatch(html, /<script|<link|@import|url\(/i);
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g))
    assert.match(address, /^data:image\/(?:png|jpeg);base64,/);
  assert.doesNotMatch(html.replaceAll(/data:image[^"]*/g, ''), /https?:/);
  assert.match(html, /default-src 'none'/);
  assert.match(html, /Demo &lt;script&gt;/);
  assert.match(html, /✓ 0\.41/);
  assert.match(html, /✗ 12/);
  assert.match(html, /2 pictures, 1 flagged/);
  assert.match(html, /less than 70 % of the mask changed/);
  assert.match(html, /<polyline/);
  assert.match(html, /Empty: no points/);
  assert.match(html, /<circle/);
  assert.ok(html.length < 200_000, `${html.length} characters`);
  assert.equal(html, await renderDemoReport(await sample()));
});
