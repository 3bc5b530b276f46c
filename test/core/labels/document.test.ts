// Steps of a label: what each tool paints, and that undo, redo and replaying give the same mask bit for bit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { emptyMask } from '../../../src/core/image/raster.ts';
import { brushCentre, brushSpans } from '../../../src/core/labels/brush.ts';
import { LabelDocument } from '../../../src/core/labels/document.ts';
import { assertRegion, fillRegion, regionOf, tilesOfRegion } from '../../../src/core/labels/regions.ts';
import type { LabelStep, StoredStep } from '../../../src/core/labels/step.ts';
import { TileMask } from '../../../src/core/labels/tile-mask.ts';

const T = 'T';
const SIZE = { width: 300, height: 280 };
const BASE = { mark: 'unlabelled' as const, types: [], masks: [] };

let count = 0;
const stored = (step: LabelStep): StoredStep => ({ id: `s${count++}`, step });
const bytes = (document: LabelDocument, layer = T): string =>
  Buffer.from(document.layer(layer).toMask().data).toString('base64');

function painted(points: number[], size: number): string[] {
  const rows = Array.from({ length: 9 }, () => Array<string>(9).fill('.'));
  brushSpans({ points, size }, (y, x0, x1) => {
    for (let x = Math.max(0, x0); x < Math.min(9, x1); x++) if (y >= 0 && y < 9) rows[y][x] = '#';
  });
  return rows.map((row) => row.join('')).filter((row) => row.includes('#'));
}

test('brush sizes cover the same pixels wherever the pointer is in its pixel', () => {
  for (const x of [4, 4.2, 4.99]) {
    const at = brushCentre(x, 1);
    assert.deepEqual(painted([at, at], 1), ['....#....']);
  }
  assert.deepEqual(painted([8, 8], 2), ['...##....', '...##....']);
  assert.deepEqual(painted([9, 9], 3), ['...###...', '...###...', '...###...']);
  assert.deepEqual(painted([9, 9], 5), ['...###...', '..#####..', '..#####..', '..#####..', '...###...']);
});

test('a brush of one pixel draws a connected line of single pixels', () => {
  const rng = namedRng(1, 'lines');
  for (let n = 0; n < 200; n++) {
    const points = Array.from({ length: 4 }, () => 2 * rng.int(40) + 1);
    const tiles = new TileMask(41, 41);
    brushSpans({ points, size: 1 }, (y, x0, x1) => tiles.fillSpan(y, x0, x1, 1));
    const long = Math.max(Math.abs(points[2] - points[0]), Math.abs(points[3] - points[1])) / 2;
    const isSteep = Math.abs(points[3] - points[1]) > Math.abs(points[2] - points[0]);
    const from = (Math.min(points[isSteep ? 1 : 0], points[isSteep ? 3 : 2]) - 1) / 2;
    for (let k = from; k <= from + long; k++) {
      const line = Array.from({ length: 41 }, (_, i) => (isSteep ? tiles.at(i, k) : tiles.at(k, i)));
      assert.ok(line.includes(1), `${points}: nothing at ${k}`);
    }
    assert.ok(tiles.area() <= 2 * long + 2);
  }
});

test('a brush pixel is set exactly where its centre is within half the size of the line', () => {
  const rng = namedRng(2, 'discs');
  for (let n = 0; n < 30; n++) {
    const size = 1 + rng.int(60);
    const [ax, ay, bx, by] = Array.from({ length: 4 }, () => brushCentre(20 + rng.int(200), size));
    const tiles = new TileMask(300, 300);
    brushSpans({ points: [ax, ay, bx, by], size }, (y, x0, x1) => tiles.fillSpan(y, x0, x1, 1));
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
    for (let k = 0; k < 4000; k++) {
      const [x, y] = [rng.int(300), rng.int(300)];
      const [px, py] = [2 * x + 1 - ax, 2 * y + 1 - ay];
      const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, (px * (bx - ax) + py * (by - ay)) / length2));
      const distance = Math.hypot(px - along * (bx - ax), py - along * (by - ay));
      // On the very edge rounding decides; the same way on every machine.
      if (Math.abs(distance - size) > 1e-6) assert.equal(tiles.at(x, y), distance < size ? 1 : 0);
    }
  }
});

test('single pixels and holes of one pixel survive tiles, regions and undo', () => {
  const document = new LabelDocument(SIZE, BASE);
  document.push(stored({ kind: 'rectangle', layer: T, add: true, x: 250, y: 250, width: 20, height: 20 }));
  document.push(stored({ kind: 'brush', layer: T, add: false, points: [2 * 255 + 1, 2 * 255 + 1], size: 1 }));
  document.push(stored({ kind: 'brush', layer: T, add: true, points: [1, 1], size: 1 }));
  const layer = document.layer(T);
  assert.equal(layer.area(), 20 * 20 - 1 + 1);
  assert.equal(layer.at(255, 255), 0);
  assert.equal(layer.at(0, 0), 1);
  const region = regionOf(layer.toMask());
  assert.ok(tilesOfRegion(region, SIZE.width, SIZE.height).equals(layer));
  document.undo();
  assert.equal(layer.at(0, 0), 0);
  document.undo();
  assert.equal(layer.at(255, 255), 1);
});

test('shapes by the pixel-centre rule', () => {
  const document = new LabelDocument({ width: 12, height: 12 }, BASE);
  document.push(stored({ kind: 'ellipse', layer: T, add: true, x: 2, y: 3, width: 1, height: 1 }));
  assert.equal(document.layer(T).area(), 1);
  assert.equal(document.layer(T).at(2, 3), 1);
  document.push(stored({ kind: 'polygon', layer: T, add: true, points: [40, 40, 72, 40, 72, 72, 40, 72] }));
  assert.equal(document.layer(T).area(), 1 + 16);
  document.push(stored({ kind: 'rectangle', layer: T, add: false, x: -5, y: -5, width: 11, height: 30 }));
  assert.equal(document.layer(T).area(), 12);
});

/** Steps of every kind in any order, some of them across tiles and borders. */
function randomStep(seed: number): LabelStep {
  const rng = namedRng(seed, 'steps');
  const box = () => ({
    x: rng.int(500) - 20,
    y: rng.int(500) - 20,
    width: 1 + rng.int(300),
    height: 1 + rng.int(300),
  });
  const layer = ['T', 'U', 'ignore'][rng.int(3)];
  const add = rng.int(3) > 0;
  switch (rng.int(9)) {
    case 0:
      return { kind: 'rectangle', layer, add, ...box() };
    case 1:
      return { kind: 'ellipse', layer, add, ...box() };
    case 2:
      return { kind: 'polygon', layer, add, points: Array.from({ length: 10 }, () => rng.int(2400) - 100) };
    case 3: {
      const mask = emptyMask(50, 40);
      for (let i = 0; i < mask.data.length; i++) mask.data[i] = rng.int(2);
      return {
        kind: 'region',
        layer,
        tool: 'wand',
        add: regionOf(mask, rng.int(240), rng.int(230)),
        remove: null,
      };
    }
    case 4:
      return rng.int(3) === 0
        ? { kind: 'mark', as: 'normal', type: null }
        : { kind: 'mark', as: 'defect', type: 'U' };
    case 5:
      return { kind: 'clear', layer };
    default: {
      const points = Array.from({ length: 2 * (1 + rng.int(8)) }, () => rng.int(600));
      return { kind: 'brush', layer, add, points, size: 1 + rng.int(80) };
    }
  }
}

test('undo, redo and replaying from the base come to the same', () => {
  const document = new LabelDocument(SIZE, BASE);
  const states: string[] = [];
  const state = (d: LabelDocument): string =>
    [...['T', 'U', 'ignore'].map((layer) => bytes(d, layer)), d.mark(), d.types()].join();
  states.push(state(document));
  for (let i = 0; i < 30; i++) {
    document.push(stored(randomStep(i)));
    states.push(state(document));
  }
  for (let i = 29; i >= 10; i--) {
    document.undo();
    assert.equal(state(document), states[i], `after taking back step ${i}`);
  }
  for (let i = 11; i <= 20; i++) {
    document.redo();
    assert.equal(state(document), states[i], `after doing step ${i - 1} again`);
  }
  const again = new LabelDocument(SIZE, BASE, document.steps, 20);
  assert.equal(state(again), states[20]);
  again.redo();
  assert.equal(state(again), states[21]);
  again.goTo(3);
  assert.equal(state(again), states[3]);
});

test('painting live, segment by segment, gives what replaying the stroke gives', () => {
  const points = Array.from({ length: 60 }, (_, i) => Math.round(260 + 200 * Math.sin(i / 7) + i));
  const live = new LabelDocument(SIZE, BASE);
  const done = live.begin();
  for (let i = 0; i < points.length; i += 2) {
    const line = i === 0 ? points.slice(0, 2) : points.slice(i - 2, i + 2);
    live.paintLive(done, T, (tiles, journal) =>
      brushSpans({ points: line, size: 13 }, (y, x0, x1) => tiles.fillSpan(y, x0, x1, 1, journal)),
    );
  }
  const step = stored({ kind: 'brush', layer: T, add: true, points, size: 13 });
  live.adopt(step, done);
  const replayed = new LabelDocument(SIZE, BASE, [step], 1);
  assert.equal(bytes(live), bytes(replayed));
  live.undo();
  assert.ok(live.layer(T).isEmpty());
});

test('marks: good deletes labels and can be taken back', () => {
  const document = new LabelDocument(SIZE, { ...BASE, types: ['U'] });
  assert.equal(document.mark(), 'defect');
  document.push(stored({ kind: 'rectangle', layer: T, add: true, x: 1, y: 1, width: 5, height: 5 }));
  assert.deepEqual(document.types(), ['T', 'U']);
  document.push(stored({ kind: 'mark', as: 'normal', type: null }));
  assert.deepEqual([document.mark(), document.types()], ['normal', []]);
  document.undo();
  assert.deepEqual(document.types(), ['T', 'U']);
  document.push(stored({ kind: 'clear', layer: 'U' }));
  assert.deepEqual(document.types(), ['T']);
});

test('damaged regions are refused', () => {
  const whole = regionOf({ width: 4, height: 4, data: new Uint8Array(16).fill(1) })!;
  const tiles = new TileMask(10, 10);
  for (const broken of [
    { ...whole, width: 5 },
    { ...whole, counts: '' },
    { ...whole, counts: '\u0000' },
  ]) {
    assert.throws(() => fillRegion(tiles, broken, 1), { code: 'bad-mask' });
  }
  assert.throws(() => assertRegion({ ...whole, x: 7 }, tiles), { code: 'bad-mask' });
  assertRegion(whole, tiles);
});
