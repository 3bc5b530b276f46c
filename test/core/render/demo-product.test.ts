// The demo product: repeatable, exact masks, and truly foreign to the pack's surfaces.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DEMO_FAMILY, DEMO_SIDE, renderDemoPicture } from '../../../src/core/render/demo-product.ts';
import { SURFACE_WORDS } from '../../../src/core/render/surfaces/index.ts';
import { WORDS } from '../../../src/core/render/words.ts';

const RENDER = new URL('../../../src/core/render/', import.meta.url);

/** All modules a file reaches through its static imports, as paths. */
function reachable(file: string): Set<string> {
  const seen = new Set<string>();
  const open = [new URL(file, RENDER)];
  while (open.length > 0) {
    const url = open.pop()!;
    const path = fileURLToPath(url);
    if (seen.has(path)) continue;
    seen.add(path);
    for (const [, from] of readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g))
      open.push(new URL(from, url));
  }
  return seen;
}

test('the family is no word of the pack, and neither side reaches the other', () => {
  assert.ok(!(SURFACE_WORDS as string[]).includes(DEMO_FAMILY));
  assert.ok(!WORDS.includes(DEMO_FAMILY));
  const isDemo = (path: string) => /demo/.test(path.slice(fileURLToPath(RENDER).length));
  for (const entry of ['surfaces/index.ts', 'sample.ts', 'draw-on.ts', 'words.ts'])
    assert.deepEqual([...reachable(entry)].filter(isDemo), [], `${entry} reaches the demo product`);
  const fromDemo = [...reachable('demo-product.ts')];
  assert.ok(fromDemo.some((path) => path.endsWith('knurled-ring.ts')));
  assert.deepEqual(
    fromDemo.filter((path) =>
      /surfaces|finishes|shapes|scene|tools/.test(path.slice(fileURLToPath(RENDER).length)),
    ),
    [],
    'the demo product uses code of the pool',
  );
});

test('the same seed gives the same bytes, another seed another piece', () => {
  const first = renderDemoPicture(3, 'stain');
  const other = renderDemoPicture(4, 'good');
  const again = renderDemoPicture(3, 'stain');
  assert.deepEqual(again, first);
  assert.notDeepEqual(other.raster.data, first.raster.data);
  assert.equal(other.mask, null);
  assert.equal(first.raster.data.length, 3 * DEMO_SIDE * DEMO_SIDE);
});

test('a defect changes its own pixels only, and its mask says which', () => {
  for (const kind of ['scratch', 'stain'] as const) {
    for (const seed of [1, 2]) {
      const good = renderDemoPicture(seed, 'good').raster.data;
      const { raster, mask } = renderDemoPicture(seed, kind);
      assert.ok(mask !== null);
      let area = 0;
      let changed = 0;
      let unlabelled = 0;
      let difference = 0;
      for (let i = 0; i < mask.data.length; i++) {
        const change = (raster.data[3 * i] - good[3 * i] + raster.data[3 * i + 1] - good[3 * i + 1]) / 2;
        area += mask.data[i];
        if (mask.data[i] === 1) difference += change;
        if (change === 0) continue;
        changed++;
        if (mask.data[i] === 0) unlabelled++;
      }
      assert.ok(area > 120 && area < 0.05 * mask.data.length, `${kind} ${seed}: area ${area}`);
      assert.ok(unlabelled < 0.45 * changed + 40, `${kind} ${seed}: ${unlabelled} of ${changed} unlabelled`);
      if (kind === 'scratch') assert.ok(difference / area > 40, `scratches are bright: ${difference / area}`);
      else assert.ok(difference / area < -40, `stains are dark: ${difference / area}`);
    }
  }
});
