// Philox against Random123's known answers; the named streams' promises; moments of the draws.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philoxBlock } from '../../../src/core/base/philox.ts';
import { namedRng, nameHash } from '../../../src/core/base/rng.ts';

/** Random123 kat_vectors, "philox4x32 10": counter, key, expected. */
const KNOWN = [
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    '408f276d 41c83b0e a20bc7c6 6d5451fd',
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
] as const;

test('the block function gives the published Random123 vectors', () => {
  for (const [c, k, expected] of KNOWN) {
    const out = new Uint32Array(4);
    philoxBlock(c[0], c[1], c[2], c[3], k[0], k[1], out);
    assert.equal([...out].map((v) => v.toString(16).padStart(8, '0')).join(' '), expected);
  }
});

test('the name hash is FNV-1a 64 over UTF-16 bytes', () => {
  const slow = (name: string) => {
    let h = 0xcbf29ce484222325n;
    for (const unit of Array.from({ length: name.length }, (_, i) => name.charCodeAt(i))) {
      for (const byte of [unit & 255, unit >> 8]) h = BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n);
    }
    return h;
  };
  for (const name of ['', 'a', 'step 17 / noise', 'größe', '日本語']) {
    const [lo, hi] = nameHash(name);
    assert.equal((BigInt(hi) << 32n) | BigInt(lo), slow(name));
  }
});

test('same seed and name give the same numbers, whatever the order', () => {
  const a = namedRng(7, 'x');
  const b = namedRng(7, 'y');
  const mixed = [a.uint32(), b.uint32(), a.uint32(), b.uint32()];
  const again = namedRng(7n, 'x');
  assert.deepEqual([again.uint32(), again.uint32()], [mixed[0], mixed[2]]);
  assert.notEqual(mixed[0], mixed[1]);
  assert.notEqual(namedRng(8, 'x').uint32(), mixed[0]);
  assert.equal(namedRng(2 ** 40 + 1, 'x').uint32(), namedRng(BigInt(2 ** 40 + 1), 'x').uint32());
  assert.notEqual(namedRng(2 ** 40 + 1, 'x').uint32(), namedRng(1, 'x').uint32());
});

test('a fork does not depend on the position of its parent', () => {
  const parent = namedRng(3, 'run');
  const before = parent.fork('noise').uint32();
  parent.uniform();
  assert.equal(parent.fork('noise').uint32(), before);
  assert.equal(namedRng(3, 'run/noise').uint32(), before);
});

test('the numbers of this version are pinned', () => {
  const rng = namedRng(0, 'pinned');
  const drawn = [rng.uint32(), rng.uint32(), rng.int(1000), rng.uniform(), rng.normal()];
  assert.deepEqual(drawn, [160711252, 125669137, 36, 0.9523069077697421, -0.234808224433931]);
});

test('fillNormal equals repeated normal and has the right moments and tails', () => {
  const n = 400_000;
  const filled = namedRng(1, 'n').fillNormal(new Float32Array(n));
  const single = namedRng(1, 'n');
  for (let i = 0; i < 20_000; i++) assert.equal(filled[i], Math.fround(single.normal()));
  let mean = 0;
  let square = 0;
  let fourth = 0;
  const beyond = [0.5, 1, 2, 3, 3.7].map((limit) => ({ limit, count: 0 }));
  for (const v of filled) {
    mean += v / n;
    square += (v * v) / n;
    fourth += v ** 4 / n;
    for (const b of beyond) if (Math.abs(v) > b.limit) b.count++;
  }
  assert.ok(Math.abs(mean) < 0.006, `mean ${mean}`);
  assert.ok(Math.abs(square - 1) < 0.01, `variance ${square}`);
  assert.ok(Math.abs(fourth - 3) < 0.08, `fourth moment ${fourth}`);
  const expected = [0.617075, 0.317311, 0.0455003, 0.0026998, 0.0002156];
  beyond.forEach((b, i) => {
    const p = expected[i];
    assert.ok(Math.abs(b.count / n - p) < 5 * Math.sqrt(p / n), `P(|x| > ${b.limit}) = ${b.count / n}`);
  });
});

test('ranges, picks and permutations', () => {
  const rng = namedRng(5, 'ranges');
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) {
    const u = rng.uniformIn(-2, 3);
    assert.ok(u >= -2 && u < 3);
    const l = rng.logUniform(0.1, 10);
    assert.ok(l >= 0.1 && l <= 10);
    counts[rng.int(3)]++;
  }
  for (const c of counts) assert.ok(c > 850 && c < 1150, `counts ${counts}`);
  assert.deepEqual(
    rng.permutation(20).sort((x, y) => x - y),
    Array.from({ length: 20 }, (_, i) => i),
  );
  assert.ok(['a', 'b'].includes(rng.pick(['a', 'b'])));
  assert.equal(rng.chance(0), false);
  assert.equal(rng.chance(1), true);
  assert.throws(() => rng.int(0));
  assert.throws(() => namedRng(0.5, 'x'));
});
