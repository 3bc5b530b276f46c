// Which pictures a proof trains on and tests on, and what counts as a leak.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLeaks, leakSentence, withoutLeaks } from '../../../src/core/prove/leak-guard.ts';
import { type ProofPicture, splitForProof } from '../../../src/core/prove/split.ts';

function pictures(kind: string, count: number, more: Partial<ProofPicture> = {}): ProofPicture[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${kind}-${i}`,
    file: `${kind}/${String(i).padStart(3, '0')}.png`,
    sha256: `${kind}-${i}`,
    role: kind.startsWith('good') ? ('normal' as const) : ('defect' as const),
    split: kind.startsWith('good') ? ('train' as const) : ('test' as const),
    type: kind.startsWith('good') ? null : kind,
    group: null,
    hasMask: !kind.startsWith('good'),
    ...more,
  }));
}

const goods = [...pictures('good', 10), ...pictures('good-test', 4, { split: 'test' })];
const ids = (list: readonly { id: string }[]) => list.map((p) => p.id);
const testIds = (split: ReturnType<typeof splitForProof>) => split.tests.map((t) => t.rows[0].id);

test('1, 3 and 8 shots share one test set, and fewer shots are a prefix of more', () => {
  const all = [...pictures('scratch', 20), ...goods];
  const [one, three, eight] = [1, 3, 8].map((shots) => splitForProof(all, { shots, shotSeed: 0 }));
  assert.deepEqual(testIds(one), testIds(eight));
  assert.deepEqual(testIds(three), testIds(eight));
  assert.deepEqual(ids(three.shots).slice(0, 1), ids(one.shots));
  assert.deepEqual(ids(eight.shots).slice(0, 3), ids(three.shots));
  assert.equal(three.validation.length, 5);
  assert.equal(eight.validation.length, 0);
  assert.equal(three.tests.filter((t) => t.isDefect).length, 12);
  assert.deepEqual(ids(three.trainingNormals), ids(pictures('good', 10)));
});

test('nothing is on two sides', () => {
  const split = splitForProof([...pictures('dent', 15), ...goods], { shots: 3, shotSeed: 4 });
  const training = [...split.shots, ...split.validation.flatMap((v) => v.rows), ...split.trainingNormals];
  const known = new Set(training.map((p) => p.sha256));
  assert.ok(split.tests.every((t) => t.rows.every((row) => !known.has(row.sha256))));
  assert.deepEqual(findLeaks(split, []), []);
});

test('a type too small to be tested is reported and not trained on', () => {
  const split = splitForProof([...pictures('dent', 15), ...pictures('rare', 2), ...goods], {
    shots: 3,
    shotSeed: 0,
  });
  const rare = split.types.find((t) => t.type === 'rare')!;
  assert.equal(rare.test, 0);
  assert.match(rare.note!, /not scored/);
  assert.ok(split.shots.every((p) => p.type === 'dent'));
});

test('a picture with defects of two types is one test picture, and not tested once it is a shot', () => {
  const both = pictures('scratch', 6).map((p) => ({ ...p, id: `${p.id}-b`, type: 'dent' }));
  const split = splitForProof([...pictures('scratch', 14), ...both, ...pictures('dent', 14), ...goods], {
    shots: 3,
    shotSeed: 1,
  });
  assert.equal(new Set(split.tests.map((t) => t.rows[0].sha256)).size, split.tests.length);
  for (const t of split.tests.filter((x) => x.isDefect && x.rows[0].sha256.startsWith('scratch'))) {
    const number = Number(t.rows[0].sha256.split('-')[1]);
    assert.equal(t.rows.length, number < 6 ? 2 : 1);
  }
  assert.deepEqual(findLeaks(split, []), []);
});

test('pictures of a part that is trained on leave the test set, and are counted', () => {
  const parts = pictures('scratch', 24).map((p, i) => ({ ...p, group: `part ${Math.floor(i / 2)}` }));
  const split = splitForProof([...parts, ...goods], { shots: 3, shotSeed: 0 });
  const seen = new Set([...split.shots, ...split.validation.flatMap((v) => v.rows)].map((p) => p.group));
  assert.ok(split.tests.every((t) => !t.isDefect || !seen.has(t.rows[0].group)));
  assert.ok(split.leftOut.length > 0);
  assert.equal(split.partsKnown, true);
  assert.deepEqual(findLeaks(split, []), []);
});

test('without a test split a third of the good pictures is held out, part by part', () => {
  const all = pictures('good', 24, { split: null }).map((p, i) => ({
    ...p,
    group: `part ${Math.floor(i / 3)}`,
  }));
  const split = splitForProof([...pictures('dent', 12), ...all], { shots: 3, shotSeed: 0 });
  const held = split.tests.filter((t) => !t.isDefect);
  assert.equal(held.length, 6);
  assert.equal(split.trainingNormals.length, 18);
  const training = new Set(split.trainingNormals.map((p) => p.group));
  assert.ok(held.every((t) => !training.has(t.rows[0].group)));
});

test('a copy of a training picture in the test set is refused with the pair', () => {
  const copy = { ...goods[2], id: 'copy', file: 'test/good/copy.png', split: 'test' as const };
  const split = splitForProof([...pictures('dent', 12), ...goods, copy], { shots: 3, shotSeed: 0 });
  const [leak, ...more] = findLeaks(split, []);
  assert.deepEqual([leak.kind, leak.training.id, leak.test.id], ['same-picture', goods[2].id, 'copy']);
  assert.equal(more.length, 0);
  assert.match(leakSentence(leak), /good\/002\.png .*test\/good\/copy\.png .*same picture/);
  assert.ok(!testIds(withoutLeaks(split, [leak])).includes('copy'));
});

test('near-duplicates and parts across the split are refused with the pair', () => {
  const all = [...pictures('dent', 12), ...goods];
  const split = splitForProof(all, { shots: 3, shotSeed: 0 });
  const near = findLeaks(split, [[split.shots[0].sha256, split.tests[1].rows[0].sha256]]);
  assert.deepEqual(
    near.map((l) => [l.kind, l.training.id, l.test.id]),
    [['near-duplicate', split.shots[0].id, split.tests[1].rows[0].id]],
  );
  const parted = all.map((p) =>
    p.id === 'good-1' || p.id === 'good-test-2' ? { ...p, group: 'part 7' } : p,
  );
  const [part] = findLeaks(splitForProof(parted, { shots: 3, shotSeed: 0 }), []);
  assert.deepEqual([part.kind, part.training.id, part.test.id], ['same-part', 'good-1', 'good-test-2']);
  assert.match(leakSentence(part), /same part \(part 7\)/);
});
