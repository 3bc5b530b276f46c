// The report says what was measured, what was not known, and nothing that its words could smuggle in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ArmSummary, PROOF_METRICS } from '../../../src/core/domain/proof.ts';
import { jpegSize } from '../../../src/core/formats/jpeg-size.ts';
import { proofStrip } from '../../../src/engine/imaging/proof-strip.ts';
import type { ProofDetails } from '../../../src/engine/prove/details.ts';
import { METRIC_DEFINITIONS } from '../../../src/engine/prove/report-content.ts';
import { renderProofReport } from '../../../src/engine/prove/report-html.ts';
import { renderProofPdf } from '../../../src/engine/prove/report-pdf.ts';

const summary = (mean: number | null): ArmSummary => {
  const value = { mean, lo: mean && mean - 0.05, hi: mean && mean + 0.04, seeds: [mean] };
  return Object.fromEntries(PROOF_METRICS.map((metric) => [metric, value])) as ArmSummary;
};

async function proof(more: Partial<ProofDetails> = {}): Promise<ProofDetails> {
  const [width, height] = [20, 10];
  const raster = { width, height, channels: 3 as const, data: new Uint8Array(600).fill(90) };
  const map = { width, height, data: new Uint8Array(200).fill(30) };
  const strip = await proofStrip(raster, { ...map, data: new Uint8Array(200).fill(1) }, [map, map]);
  const example = { picture: 'x', type: 'crack', arm: 'real+windows' as const, strip };
  return {
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    product: '<script>alert(1)</script>',
    state: 'done',
    createdAt: 0,
    updatedAt: 0,
    params: { shots: 3, shotSeed: 0, seeds: 1, seed: 0, preset: 'quick', arms: ['real', 'real+windows'] },
    cellsDone: 2,
    cells: 2,
    conclusion: null,
    verdict: 'real+windows against real only: +0.4 IoU points (-2.0 to +3.1): no gain shown',
    error: null,
    split: {
      types: [
        { type: 'crack', total: 12, shots: 3, validation: 5, test: 4, note: null },
        { type: 'rare', total: 1, shots: 1, validation: 0, test: 0, note: 'no picture is left' },
      ],
      trainingNormals: 9,
      testNormals: 0,
      testDefects: 4,
      leftOut: 2,
      partsKnown: false,
    },
    arms: { real: summary(0.5), 'real+windows': summary(0.504) },
    comparisons: [{ arm: 'real+windows', against: 'real', points: { mean: 0.4, lo: -2, hi: 3.1 } }],
    results: [],
    quality: [
      { generator: 'windows', pictures: 72, kid: 0.0123, diversity: 0.2, memorised: null, agreement: 0.97 },
    ],
    helped: [{ ...example, file: 'test/crack/<b>.png', points: 12.34 }],
    hurt: [{ ...example, file: 'test/crack/2.png', points: -5 }],
    ...more,
  };
}

test('the HTML report holds verdict, figures, pictures, definitions and what was not known', async () => {
  const html = renderProofReport(await proof());
  for (const part of [
    'no gain shown',
    '50.0 (45.0 to 54.0)',
    '+12.3 IoU points',
    '-5.0 IoU points',
    'Parts unknown',
    '2 test pictures were left out',
    'no good test pictures',
    'Fewer than three seeds',
    'Only 4 defect pictures were tested',
    'Not scored, for want of test pictures: rare',
    '0.0123',
    ...Object.values(METRIC_DEFINITIONS),
  ])
    assert.ok(html.includes(part), part);
  assert.equal(html.match(/<img [^>]*src="data:image\/jpeg/g)?.length, 2);
});

test('names cannot break out of the report, and nothing is fetched', async () => {
  const html = renderProofReport(await proof());
  assert.ok(!/<script|<b>\.png|(src|href)="(?!data:)/.test(html));
  assert.match(html, /&lt;script&gt;/);
});

test('what is not defined is said so, not drawn as 0', async () => {
  const html = renderProofReport(await proof({ arms: { real: summary(null) }, comparisons: [] }));
  assert.match(html, /IoU, best threshold: not defined on this test set/);
});

test('the PDF says the same', async () => {
  const details = await proof();
  const pdf = Buffer.from(renderProofPdf(details)).toString('latin1');
  for (const part of ['no gain shown', 'Parts unknown', '50.0 \\(45.0 to 54.0\\)', 'Only 4 defect pictures'])
    assert.ok(pdf.includes(part), part);
  assert.equal(pdf.match(/\/Subtype \/Image/g)?.length, 2);
});

test('a strip is a JPEG of picture, mask and maps at one height', async () => {
  const { strip } = (await proof()).helped[0];
  const jpeg = new Uint8Array(Buffer.from(strip.split(',')[1], 'base64'));
  assert.deepEqual(jpegSize(jpeg), { height: 160, width: 4 * 320 + 3 * 4 });
});
