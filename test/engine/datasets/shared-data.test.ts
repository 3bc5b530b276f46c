// Dry runs on the real sets beside the repository: counts as their README files give them.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { scanFolder } from '../../../src/engine/datasets/index.ts';
import { shared, skipWithout } from '../imaging/make-pictures.ts';

const data = shared('data');
const formats = shared('fixtures/formats');

/** Counts, nothing refused. */
async function counts(source: string, product?: string): Promise<[string, number, Record<string, number>]> {
  const report = await scanFolder(source, { product });
  assert.equal(report.layout, 'mvtec');
  assert.deepEqual(
    report.problems.filter((p) => p.level === 'reject'),
    [],
  );
  for (const item of report.items)
    assert.equal(item.role === 'defect', (item.maskAreaPx ?? 0) > 0, item.file);
  return [report.product, report.normals, Object.fromEntries(report.types.map((t) => [t.name, t.count]))];
}

test('hazelnut_toy and aws_cookie', { skip: skipWithout(data) }, async () => {
  assert.deepEqual(await counts(join(data!, 'hazelnut_toy')), ['hazelnut_toy', 34, { colour: 17, crack: 1 }]);
  assert.deepEqual(await counts(join(data!, 'aws_cookie')), ['aws_cookie', 45, { cracked: 32 }]);
});

test('piped: four products, one to be named', { skip: skipWithout(data) }, async () => {
  await assert.rejects(scanFolder(join(data!, 'piped')), { code: 'bad-dataset', message: /4 products/ });
  assert.deepEqual(await counts(join(data!, 'piped'), 'PA_FLR01_TL'), ['PA_FLR01_TL', 48, { impurity: 48 }]);
  assert.deepEqual(await counts(join(data!, 'piped/PA_GLA01_TL')), ['PA_GLA01_TL', 48, { impurity: 48 }]);
});

test('the fixtures: MVTec with all kinds of files', { skip: skipWithout(formats) }, async () => {
  assert.deepEqual(await counts(join(formats!, 'mvtec')), ['widget', 3, { dent: 1, hole: 1, scratch: 2 }]);
});
