// Rendered windows on disk: what is written is what is read, and a killed render goes on at the first torn record.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { FINISH_WORDS } from '../../../../src/core/render/finishes/index.ts';
import type { RenderedSample } from '../../../../src/core/render/sample.ts';
import { SHAPE_WORDS } from '../../../../src/core/render/shapes/index.ts';
import { SURFACE_WORDS } from '../../../../src/core/render/surfaces/index.ts';
import { TONE_WORDS } from '../../../../src/core/render/tones.ts';
import { defectPrompt, normalPrompt } from '../../../../src/core/render/words.ts';
import { SampleFile, SIDE } from '../../../../src/engine/training/pack/sample-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const PIXELS = SIDE * SIDE;

/** Noise instead of a rendered scene: as good for a file, and quickly made. */
function sample(seed: number): RenderedSample {
  const rng = namedRng(seed, 'sample');
  const picture = () => Float32Array.from({ length: 3 * PIXELS }, () => rng.uniform());
  return {
    normal: picture(),
    defect: picture(),
    mask: Uint8Array.from({ length: PIXELS }, () => rng.int(2)),
    words: {
      surface: rng.pick(SURFACE_WORDS),
      tone: rng.pick(TONE_WORDS),
      finish: rng.pick(FINISH_WORDS),
      shape: rng.pick(SHAPE_WORDS),
      size: 'small',
    },
  };
}

/** Opens the file, works on it and closes it. */
function use(path: string, work: (file: SampleFile) => void): void {
  const file = new SampleFile(path);
  try {
    work(file);
  } finally {
    file.close();
  }
}

function assertHolds(file: SampleFile, index: number, wanted: RenderedSample): void {
  const stored = file.read(index);
  for (const name of ['normal', 'defect'] as const) {
    assert.equal(stored[name].length, 3 * PIXELS);
    const worst = stored[name].reduce((w, v, i) => Math.max(w, Math.abs(v / 255 - wanted[name][i])), 0);
    assert.ok(worst <= 0.5 / 255 + 1e-6, `${name} of record ${index} is off by ${worst * 255} of 255`);
  }
  assert.deepEqual(stored.mask, wanted.mask);
  assert.deepEqual(stored.defectPrompt, defectPrompt(wanted.words));
  assert.deepEqual(stored.normalPrompt, normalPrompt(wanted.words.surface));
}

test('records come back within half a step of 255, in any order', (t) => {
  use(join(tempFolder(t), 'samples.bin'), (file) => {
    assert.equal(file.count, 0);
    const samples = [sample(1), sample(2), sample(3)];
    samples.forEach((s, i) => {
      file.append(s);
      assert.equal(file.count, i + 1);
    });
    for (const i of [2, 0, 1]) assertHolds(file, i, samples[i]);
  });
});

test('what lies outside 0 to 1 is clamped', (t) => {
  use(join(tempFolder(t), 'samples.bin'), (file) => {
    const bright = sample(4);
    bright.normal.set([-0.5, 1.5, 0, 1]);
    file.append(bright);
    assert.deepEqual([...file.read(0).normal.subarray(0, 4)], [0, 255, 0, 255]);
  });
});

test('a torn last record is dropped on opening, and the render goes on there', (t) => {
  const path = join(tempFolder(t), 'samples.bin');
  use(path, (file) => {
    file.append(sample(5));
    file.append(sample(6));
  });
  const record = statSync(path).size / 2;
  const whole = readFileSync(path);
  for (const torn of [1, record - 1]) {
    appendFileSync(path, new Uint8Array(torn).fill(0xee));
    use(path, (file) => assert.equal(file.count, 2));
    assert.ok(readFileSync(path).equals(whole), 'the whole records stay as they are');
  }
  truncateSync(path, 2 * record - 1);
  use(path, (file) => {
    assert.equal(file.count, 1);
    file.append(sample(7));
    assert.equal(file.count, 2);
    assertHolds(file, 0, sample(5));
    assertHolds(file, 1, sample(7));
  });
  assert.equal(statSync(path).size, 2 * record);
});
