// The sample product: a folder the importer takes as it is, the same for the same seed, finished after a kill.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseShots } from '../../../src/core/domain/few-shot.ts';
import { DEMO_FAMILY } from '../../../src/core/render/demo-product.ts';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { renderSample, SAMPLE_PARTS, type SamplePart } from '../../../src/engine/datasets/sample-service.ts';
import { tempFolder } from '../imaging/make-pictures.ts';

const FEW: readonly SamplePart[] = [
  { split: 'train', kind: 'good', count: 2 },
  { split: 'test', kind: 'good', count: 1 },
  { split: 'test', kind: 'scratch', count: 1 },
];
const { signal } = new AbortController();

test('a rendered folder imports without remarks, is resumed and is the same again', async (t) => {
  const folder = await tempFolder(t);
  const product = await renderSample(join(folder, 'a'), 3, signal, FEW);
  const report = await scanFolder(product, { layout: 'auto', signal });
  assert.equal(report.product, DEMO_FAMILY);
  assert.deepEqual(report.problems, []);
  assert.equal(report.items.length, 4);

  const kept = join(product, 'train/good/000.png');
  const lost = join(product, 'test/scratch/000.png');
  const before = { bytes: readFileSync(lost), keptAt: statSync(kept).mtimeMs };
  rmSync(lost);
  await renderSample(join(folder, 'a'), 3, signal, FEW);
  assert.deepEqual(readFileSync(lost), before.bytes);
  assert.equal(statSync(kept).mtimeMs, before.keptAt);
  assert.notDeepEqual(readFileSync(kept), readFileSync(join(product, 'train/good/001.png')));
});

test('another seed is refused in the same folder, and a cancelled call writes no picture', async (t) => {
  const folder = await tempFolder(t);
  await renderSample(folder, 1, signal, []);
  await assert.rejects(renderSample(folder, 2, signal, []), { code: 'usage' });
  await assert.rejects(renderSample(folder, 1, AbortSignal.abort(), FEW), { code: 'cancelled' });
});

test('every defect type keeps test pictures beside the reserved shots', () => {
  const files = SAMPLE_PARTS.filter((p) => p.kind !== 'good').flatMap(({ kind, count }) =>
    Array.from({ length: count }, (_, i) => ({ id: `${kind}${i}`, file: `${kind}/${i}`, type: kind })),
  );
  for (const type of chooseShots(files, { shots: 3, shotSeed: 0 }).types) {
    assert.equal(type.reserved, 8);
    assert.ok(type.test >= 6);
    assert.equal(type.note, null);
  }
});
