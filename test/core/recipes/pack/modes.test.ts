// The four ways a rendered pair is shown: how often each comes, and what target, mask, hole and words it has.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { type Mode, type ModePlan, modeParts, planMode } from '../../../../src/core/recipes/pack/modes.ts';
import { NULL_PROMPT } from '../../../../src/core/render/words.ts';

const SIDE = 16;
const PROMPTS = { defect: [1, 4, 2, 20, 32, 42, 51, 3], normal: [1, 4, 3, 3, 3, 3, 3, 3] };

/** Set pixels (x, y) as sorted text. */
function pixels(mask: Uint8Array): string[] {
  return [...mask.keys()].filter((i) => mask[i]).map((i) => `${i % SIDE},${Math.floor(i / SIDE)}`);
}

/** Every pixel of a box. */
function box(x0: number, y0: number, x1: number, y1: number): string[] {
  const all: string[] = [];
  for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) all.push(`${x},${y}`);
  return all;
}

function defectMask(): Uint8Array {
  const mask = new Uint8Array(SIDE * SIDE);
  mask[7 * SIDE + 5] = 1;
  mask[7 * SIDE + 6] = 1;
  return mask;
}

const parts = (mode: Mode, plan: Partial<ModePlan> = {}) =>
  modeParts({ mode, growth: 2, dropWords: false, ...plan }, defectMask(), PROMPTS);

test('modes, hole growth and dropped words come in their shares', () => {
  const rng = namedRng(0, 'modes');
  const draws = 40_000;
  const counts: Record<string, number> = {};
  const count = (key: string) => {
    counts[key] = (counts[key] ?? 0) + 1 / draws;
  };
  for (let i = 0; i < draws; i++) {
    const plan = planMode(rng);
    count(plan.mode);
    count(`growth ${plan.growth}`);
    if (plan.dropWords) count('dropped');
    if (plan.mode === 'repair' && plan.growth === 5) count('repair with growth 5');
  }
  const wanted: Record<string, number> = {
    defect: 0.72,
    repair: 0.1,
    'whole-defect': 0.09,
    'whole-normal': 0.09,
    dropped: 0.1,
    'repair with growth 5': 0.02,
  };
  for (const growth of [1, 2, 3, 4, 5]) wanted[`growth ${growth}`] = 0.2;
  assert.deepEqual(Object.keys(counts).toSorted(), Object.keys(wanted).toSorted());
  for (const [key, share] of Object.entries(wanted)) {
    // Four standard deviations.
    const limit = 4 * Math.sqrt((share * (1 - share)) / draws);
    assert.ok(Math.abs(counts[key] - share) < limit, `${key}: ${counts[key]}, not ${share}`);
  }
});

test('defect: the mask itself, in a hole that exceeds it on every side', () => {
  for (const growth of [1, 4]) {
    const { target, mask, hole, prompt } = parts('defect', { growth });
    assert.equal(target, 'defect');
    assert.deepEqual(pixels(mask), ['5,7', '6,7']);
    assert.deepEqual(pixels(hole), box(5 - growth, 7 - growth, 6 + growth, 7 + growth));
    assert.deepEqual(prompt, PROMPTS.defect);
  }
});

test('repair: the same hole, but nothing to draw in it', () => {
  const { target, mask, hole, prompt } = parts('repair');
  assert.equal(target, 'normal');
  assert.deepEqual(pixels(mask), []);
  assert.deepEqual(pixels(hole), box(3, 5, 8, 9));
  assert.deepEqual(prompt, PROMPTS.normal);
});

test('whole windows: mask and hole are everything, the words tell defect from normal', () => {
  for (const target of ['defect', 'normal'] as const) {
    const shown = parts(`whole-${target}`);
    assert.equal(shown.target, target);
    assert.deepEqual(pixels(shown.mask), box(0, 0, SIDE - 1, SIDE - 1));
    assert.deepEqual(pixels(shown.hole), box(0, 0, SIDE - 1, SIDE - 1));
    assert.deepEqual(shown.prompt, PROMPTS[target]);
  }
});

test('dropped words are the null prompt in every mode; the rendered mask is left alone', () => {
  const mask = defectMask();
  for (const mode of ['defect', 'repair', 'whole-defect', 'whole-normal'] as const) {
    const plan = { mode, growth: 3, dropWords: true };
    assert.deepEqual(modeParts(plan, mask, PROMPTS).prompt, NULL_PROMPT);
    assert.deepEqual(mask, defectMask());
  }
});
