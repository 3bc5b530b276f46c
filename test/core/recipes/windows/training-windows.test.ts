// Training windows of every kind, the paste generator and the composite that blend starts from.

import assert from 'node:assert/strict';
import test from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { maskArea } from '../../../../src/core/image/raster.ts';
import { countChanges, visibleShare } from '../../../../src/core/recipes/windows/checks.ts';
import { shapeSource } from '../../../../src/core/recipes/windows/mask-source.ts';
import { compositeWindow } from '../../../../src/core/recipes/windows/noised-composite.ts';
import { pasteDefect } from '../../../../src/core/recipes/windows/paste.ts';
import { placementMap } from '../../../../src/core/recipes/windows/place.ts';
import { medianMaskArea, realShapes } from '../../../../src/core/recipes/windows/shapes.ts';
import { turnIndices } from '../../../../src/core/recipes/windows/window-augment.ts';
import type { Mixture } from '../../../../src/core/recipes/windows/window-example.ts';
import { drawWindow, windowPool } from '../../../../src/core/recipes/windows/window-pair.ts';
import { planWindows } from '../../../../src/core/recipes/windows/window-plan.ts';
import { chooseWorkingScale } from '../../../../src/core/recipes/windows/working-scale.ts';
import { boxMask, discMask, product, shot, surface } from './scene.ts';

const RED = [220, 20, 20];
const SIZE = 64;
const SHOTS = [
  shot(product(1).raster, discMask(256, 256, 120, 110, 14), RED, 'paint'),
  shot(product(2).raster, boxMask(256, 256, 110, 140, 34, 12), RED, 'paint'),
  shot(product(3).raster, boxMask(256, 256, 100, 128, 60, 1), [20, 20, 20], 'scratch'),
];
const OUTLINE = product(1).outline;
const GOODS = [4, 5].map((seed) => ({ raster: product(seed).raster, foreground: OUTLINE, name: `${seed}` }));
const SCALE = chooseWorkingScale(SHOTS, SIZE);
const pool = (mixture?: Mixture) =>
  windowPool({
    shots: SHOTS,
    goods: GOODS,
    scale: SCALE,
    shotForegrounds: SHOTS.map(() => OUTLINE),
    mixture,
  });
const only = (kind: keyof Mixture): Mixture => ({ real: 0, pasted: 0, repair: 0, drawn: 0, [kind]: 1 });

test('real and pasted windows show their defect in the mask, the hole is around it', () => {
  for (const kind of ['real', 'pasted'] as const) {
    const prepared = pool(only(kind));
    const types = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const w = drawWindow(prepared, namedRng(1, `${kind} ${i}`));
      assert.equal(w.kind, kind);
      types.add(w.type);
      assert.ok(maskArea(w.mask) > 0 && maskArea(w.hole) > maskArea(w.mask));
      const area = SIZE * SIZE;
      let [inside, n] = [0, 0];
      for (let k = 0; k < area; k++) {
        assert.ok(w.hole.data[k] >= w.mask.data[k]);
        if (w.mask.data[k] === 0) continue;
        n++;
        inside += w.image.data[area + k];
      }
      // Green of the paint and of the scratch is low, of the product high (160 / 255).
      if (w.type === 'paint') assert.ok(inside / n < 0.25, `${kind} ${i}: ${inside / n}`);
      else assert.ok(inside / n < 0.52, `${kind} ${i}: ${inside / n}`);
      for (const v of w.image.data) assert.ok(v >= 0 && v <= 1);
    }
    assert.deepEqual([...types].sort(), ['paint', 'scratch']);
  }
});

test('repair windows are good surface with a hole and no mask', () => {
  const w = drawWindow(pool(only('repair')), namedRng(2, 'r'));
  assert.equal(maskArea(w.mask), 0);
  assert.ok(maskArea(w.hole) > 0);
});

test('the mixture holds, windows repeat with the seed, no goods means real windows only', () => {
  const prepared = pool();
  const counts = { real: 0, pasted: 0, repair: 0, drawn: 0 };
  for (let i = 0; i < 100; i++) counts[drawWindow(prepared, namedRng(3, `w${i}`)).kind]++;
  assert.ok(counts.real > 68 && counts.real < 92, JSON.stringify(counts));
  assert.ok(counts.pasted > 6 && counts.repair > 0);
  assert.deepEqual(drawWindow(prepared, namedRng(3, 'w7')), drawWindow(prepared, namedRng(3, 'w7')));
  const bare = windowPool({ shots: SHOTS, goods: [], scale: SCALE, shotForegrounds: [null, null, null] });
  assert.deepEqual([bare.mixture.real > 0, bare.mixture.pasted, bare.mixture.repair], [true, 0, 0]);
  assert.equal(drawWindow(bare, namedRng(1, 'x')).kind, 'real');
});

test('drawn windows come from the hook, and fall back to real ones when it declines', () => {
  const input = {
    shots: SHOTS,
    goods: GOODS,
    scale: SCALE,
    shotForegrounds: SHOTS.map(() => OUTLINE),
    mixture: only('drawn'),
  };
  const drawn = windowPool({
    ...input,
    draw: (image) => ({ image, mask: discMask(SIZE, SIZE, 30, 30, 5), type: 'drawn' }),
  });
  assert.equal(drawWindow(drawn, namedRng(1, 'd')).kind, 'drawn');
  assert.equal(drawWindow(windowPool({ ...input, draw: () => null }), namedRng(1, 'd')).kind, 'real');
});

test('shots smaller than the window and large defects give windows too', () => {
  const tiny = [shot(surface(30, 20), discMask(30, 20, 15, 10, 5), RED)];
  const large = [shot(surface(200, 200), discMask(200, 200, 100, 100, 90), RED), ...tiny];
  for (const shots of [tiny, large]) {
    const scale = chooseWorkingScale(shots, SIZE);
    const goods = [{ raster: surface(30, 20), foreground: boxMask(30, 20, 0, 0, 30, 20), name: 'g' }];
    const prepared = windowPool({ shots, goods, scale, shotForegrounds: shots.map(() => null) });
    for (let i = 0; i < 6; i++) assert.equal(drawWindow(prepared, namedRng(i, 't')).image.width, SIZE);
  }
});

test('the eight turns are permutations and differ', () => {
  const seen = new Set(Array.from({ length: 8 }, (_, k) => turnIndices(3, k).join()));
  assert.equal(seen.size, 8);
  for (const s of seen) assert.deepEqual(s.split(',').map(Number).sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

function place(seed: number) {
  const shots = SHOTS.slice(0, 2);
  const scale = chooseWorkingScale(shots, SIZE);
  const shapes = realShapes(shots, [OUTLINE, OUTLINE], scale);
  const source = shapeSource('real', shapes, { medianArea: medianMaskArea(shots), scale });
  return { shots, scale, placed: source.make(placementMap(OUTLINE), namedRng(seed, 'place')) };
}

test('paste puts the real pixels exactly on the mask and leaves the rest', () => {
  for (let seed = 0; seed < 6; seed++) {
    const { shots, placed } = place(seed);
    const good = GOODS[0].raster;
    const out = pasteDefect(good, shots, placed);
    assert.equal(countChanges(good, out, placed.mask).outside, 0);
    const { agreement } = visibleShare(good, out, placed.mask);
    assert.ok(agreement > 0.95, `seed ${seed}: ${agreement}`);
    let green = 0;
    for (let i = 0; i < placed.mask.data.length; i++)
      if (placed.mask.data[i] !== 0) green += out.data[i * 3 + 1];
    assert.ok(green / placed.area < 60, `seed ${seed}: ${green / placed.area}`);
  }
});

test('the composite that blend starts from equals the paste at working size', () => {
  const { shots, scale, placed } = place(3);
  const good = GOODS[0].raster;
  const [window] = planWindows(placed.mask, scale);
  const start = compositeWindow(good, window.rect, placed, shots, SIZE);
  const area = SIZE * SIZE;
  let redder = 0;
  for (let i = 0; i < area; i++) if (start.data[i] - start.data[area + i] > 0.6) redder++;
  const expected = placed.area * (SIZE / window.rect.width) ** 2;
  assert.ok(Math.abs(redder / expected - 1) < 0.3, `${redder} of ${expected}`);
});

test('a grey 16 bit picture takes a colour defect as grey', () => {
  const { shots, placed } = place(1);
  const mono = { width: 256, height: 256, channels: 1 as const, data: new Uint16Array(65536).fill(40000) };
  const out = pasteDefect(mono, shots, placed);
  assert.ok(out.data instanceof Uint16Array && out.channels === 1);
  assert.equal(countChanges(mono, out, placed.mask).outside, 0);
});
