// Detectors on a rendered product: the segmentation U-Net learns, resumes without a trace and is read back equal;
// validation decides what is kept; the other kinds train and score.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averagePrecision } from '../../../src/core/metrics/detection.ts';
import { rankScores } from '../../../src/core/metrics/ranking.ts';
import type { Detector, DetectorContext } from '../../../src/engine/detectors/detector.ts';
import { openDetector } from '../../../src/engine/detectors/open-detector.ts';
import type { DetectorKind, DetectorSettings } from '../../../src/engine/detectors/settings.ts';
import { trainDetector } from '../../../src/engine/detectors/train-detector.ts';
import { EMBEDDED_PACK } from '../../../src/engine/packs/pack-service.ts';
import { good, renderedSource, request, stained } from './rendered-product.ts';

const quiet = (): DetectorContext => ({ signal: new AbortController().signal, progress: () => {} });
const source = renderedSource();
const LEARNS = { steps: 60, batch: 4, width: 8 };
const SHORT = { steps: 4, batch: 4, width: 8 };

async function pixelAp(detector: Detector): Promise<number> {
  const parts = [];
  for (const { raster, mask } of [stained(20), stained(21), good(22)]) {
    const { scores } = await detector.score(raster);
    parts.push({ scores, labels: mask.data });
  }
  return averagePrecision(rankScores(parts)) as number;
}

test('the segmentation network finds stains on pieces it has not seen', async () => {
  const validation = [stained(30), good(31)];
  const detector = await trainDetector({ ...request(source, 'unet', LEARNS), validation }, quiet());
  try {
    const ap = await pixelAp(detector);
    assert.ok(ap > 0.6, `pixel AP ${ap}`);
    const { pixel, image } = detector.spec.thresholds;
    assert.ok(pixel !== null && pixel > 0 && pixel < 1, `pixel threshold ${pixel}`);
    assert.ok(image !== null);
    const looks = detector.summary.looks as { step: number; pixelAp: number }[];
    assert.deepEqual(
      looks.map((l) => l.step),
      [30, 36, 42, 48, 54, 60],
    );
    const kept = looks.find((l) => l.step === detector.summary.keptStep);
    assert.ok(kept && kept.pixelAp >= Math.max(...looks.map((l) => l.pixelAp)) - 0.01);
    const marked = await detector.score(stained(23).raster);
    const clean = await detector.score(good(24).raster);
    assert.ok(marked.imageScore > clean.imageScore);
  } finally {
    await detector.release();
  }
});

const RESUMED: [DetectorKind, Partial<DetectorSettings>][] = [
  ['unet', { ...SHORT, steps: 8 }],
  ['draem', { ...SHORT, steps: 4, batch: 2, reconstructionWidth: 2, window: 32 }],
];

for (const [kind, settings] of RESUMED)
  test(`${kind}: a training that was stopped ends as one that was not, and reads back equal`, async () => {
    const undisturbed = await trainDetector(
      request(renderedSource(settings.window), kind, settings),
      quiet(),
    );
    let saved: { bytes: Uint8Array } | null = null;
    const stop = new AbortController();
    const context = (signal: AbortSignal): DetectorContext => ({
      signal,
      progress: (done) => {
        if (done === 3) stop.abort(new Error('stopped'));
      },
      checkpoint: async (_step, bytes) => {
        saved = { bytes };
      },
      lastCheckpoint: async () => saved,
    });
    await assert.rejects(
      trainDetector(request(renderedSource(settings.window), kind, settings), context(stop.signal)),
      /stopped/,
    );
    assert.ok(saved);
    const resumed = await trainDetector(
      request(renderedSource(settings.window), kind, settings),
      context(new AbortController().signal),
    );
    try {
      assert.deepEqual(resumed.files(), undisturbed.files());
      assert.deepEqual(resumed.summary, undisturbed.summary);
      const opened = await openDetector(undisturbed.files(), { threads: 1 });
      const { raster } = stained(25);
      assert.deepEqual((await opened.score(raster)).scores, (await resumed.score(raster)).scores);
      await opened.release();
    } finally {
      await undisturbed.release();
      await resumed.release();
    }
  });

test('the memory of good pieces scores stains higher than what is around them; the same seed gives the same memory', async () => {
  const wanted = {
    ...request(source, 'memory', { memoryWindows: 12, memoryRows: 300 }),
    packPath: EMBEDDED_PACK,
  };
  const detector = await trainDetector(wanted, quiet());
  const again = await trainDetector(wanted, quiet());
  try {
    assert.deepEqual(detector.files(), again.files());
    for (const seed of [40, 41, 42]) {
      const { raster, mask } = stained(seed);
      const { scores } = await detector.score(raster);
      const mean = (value: number) => {
        const own = scores.filter((_, i) => mask.data[i] === value);
        return own.reduce((sum, v) => sum + v, 0) / own.length;
      };
      assert.ok(mean(1) > 1.3 * mean(0), `${mean(1)} ${mean(0)}`);
    }
  } finally {
    await detector.release();
    await again.release();
  }
});

test('without real defects foreign textures stand in for them', async () => {
  const detector = await trainDetector(
    request({ good: source.good, defect: null }, 'unet', { ...SHORT, steps: 2 }),
    quiet(),
  );
  assert.equal(detector.summary.keptStep, 2);
  assert.deepEqual(detector.spec.thresholds, { pixel: null, image: null });
  await detector.release();
});

test('settings that no training could work with are refused by name', async () => {
  for (const settings of [{ window: 100 }, { batch: 3 }, { rate: 0 }, { width: 7 }, { stepps: 3 }]) {
    const [name] = Object.keys(settings);
    await assert.rejects(trainDetector(request(source, 'unet', settings), quiet()), {
      code: 'usage',
      message: new RegExp(name),
    });
  }
});
