// An exported detector run from plain onnxruntime-node, with nothing but its description, gives the engine's map.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as ort from 'onnxruntime-node';
import type { Raster } from '../../../src/core/image/raster.ts';
import { renderDemoPicture } from '../../../src/core/render/demo-product.ts';
import type { TrainedDetector } from '../../../src/engine/detectors/detector.ts';
import { readDetector } from '../../../src/engine/detectors/export/read-detector.ts';
import { writeDetector } from '../../../src/engine/detectors/export/write-detector.ts';
import type { DetectorKind } from '../../../src/engine/detectors/settings.ts';
import { trainDetector } from '../../../src/engine/detectors/train-detector.ts';
import { EMBEDDED_PACK } from '../../../src/engine/packs/pack-service.ts';
import { renderedSource, request, SIDE } from './rendered-product.ts';

const folder = mkdtempSync(join(tmpdir(), 'flawsmith-detectors-'));
const quiet = { signal: new AbortController().signal, progress: () => {} };
const source = renderedSource();

/** A part of a rendered piece, so that windows overlap and the picture is no multiple of them. */
function part(width: number, height: number): Raster {
  const { raster } = renderDemoPicture(40, 'scratch');
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y + 150) * raster.width + 120) * 3;
    data.set(raster.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, channels: 3, data };
}

interface Description {
  readonly files: { readonly onnx: string };
  readonly input: { readonly name: string; readonly shape: number[]; readonly white: { bits8: number } };
  readonly output: { readonly name: string };
  readonly picture: { readonly overlap: number; readonly taper: number[] };
  readonly imageScore: { readonly rule: string; readonly size: number; readonly count: number };
}

const mirrored = (i: number, n: number) => {
  const m = ((i % (2 * n - 2)) + 2 * n - 2) % (2 * n - 2);
  return m < n ? m : 2 * n - 2 - m;
};

function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [Math.floor((length - side) / 2)];
  const n = 1 + Math.ceil((length - side) / Math.floor(side * (1 - overlap)));
  return Array.from({ length: n }, (_, i) => Math.round((i * (length - side)) / (n - 1)));
}

/** The description's words, written down once more, for pictures at scale 1. */
async function plainMap(
  at: string,
  picture: Raster,
): Promise<{ map: Float64Array; description: Description }> {
  const description = JSON.parse(readFileSync(join(at, 'detector.json'), 'utf8')) as Description;
  const session = await ort.InferenceSession.create(join(at, description.files.onnx));
  const [, , side] = description.input.shape;
  const { overlap, taper } = description.picture;
  const { width, height, data } = picture;
  const [sum, weight] = [new Float64Array(width * height), new Float64Array(width * height)];
  for (const y of starts(height, side, overlap)) {
    for (const x of starts(width, side, overlap)) {
      const image = Float32Array.from({ length: 3 * side * side }, (_, i) => {
        const c = Math.floor(i / (side * side));
        const [u, v] = [i % side, Math.floor(i / side) % side];
        const pixel = mirrored(y + v, height) * width + mirrored(x + u, width);
        return data[3 * pixel + c] / description.input.white.bits8;
      });
      const feeds = { [description.input.name]: new ort.Tensor('float32', image, [1, 3, side, side]) };
      const map = (await session.run(feeds))[description.output.name].data as Float32Array;
      map.forEach((value, i) => {
        const [u, v] = [i % side, Math.floor(i / side)];
        if (x + u < 0 || y + v < 0 || x + u >= width || y + v >= height) return;
        const k = (y + v) * width + x + u;
        sum[k] += taper[u] * taper[v] * value;
        weight[k] += taper[u] * taper[v];
      });
    }
  }
  await session.release();
  return { map: sum.map((v, i) => v / weight[i]), description };
}

function plainScore(
  { imageScore: { rule, size, count } }: Description,
  map: Float64Array,
  width: number,
): number {
  if (rule === 'topMean') {
    const top = map.toSorted().subarray(-count);
    return top.reduce((a, v) => a + v, 0) / count;
  }
  const reach = (size - 1) / 2;
  const height = map.length / width;
  let most = -Infinity;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++)
        for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++)
          sum += map[v * width + u];
      most = Math.max(most, sum / size ** 2);
    }
  return most;
}

const trained: TrainedDetector[] = [];
after(async () => {
  await Promise.all(trained.map((detector) => detector.release()));
  rmSync(folder, { recursive: true });
});

const CASES: [DetectorKind, object][] = [
  ['unet', { width: 8 }],
  ['draem', { width: 8, reconstructionWidth: 8 }],
  ['destseg', { width: 8 }],
  ['memory', { memoryWindows: 4, memoryRows: 40 }],
];

for (const [kind, settings] of CASES) {
  test(`${kind}: exported, read back and from plain ONNX Runtime, the same map and score`, async () => {
    const wanted = {
      ...request(source, kind, { steps: 4, batch: 4, ...settings }),
      scale: 1,
      packPath: EMBEDDED_PACK,
    };
    const detector = await trainDetector(wanted, quiet);
    trained.push(detector);
    const out = join(folder, kind);
    await writeDetector(detector.files(), out, EMBEDDED_PACK);
    for (const picture of [part(SIDE + 37, SIDE + 5), part(SIDE - 20, SIDE - 9)]) {
      const engine = await detector.score(picture);
      const { map, description } = await plainMap(out, picture);
      const largest = Math.max(...engine.scores.map((v, i) => Math.abs(v - map[i])));
      const range = Math.max(...map) - Math.min(...map);
      assert.ok(range > 0);
      assert.ok(largest < 1e-3 * Math.max(...map), `differs by ${largest}, range ${range}`);
      const score = plainScore(description, map, picture.width);
      assert.ok(
        Math.abs(score - engine.imageScore) < 1e-3 * Math.abs(score),
        `${score} ${engine.imageScore}`,
      );
      const opened = await readDetector(out, 1);
      const again = await opened.score(picture);
      assert.ok(
        Math.max(...engine.scores.map((v, i) => Math.abs(v - again.scores[i]))) < 1e-3 * Math.max(...map),
      );
      await opened.release();
    }
  });
}

test('a folder whose network was exchanged or whose description is damaged is refused', async () => {
  const out = join(folder, 'unet');
  const file = join(out, 'detector.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"scale": 1', '"scale": -1'));
  await assert.rejects(readDetector(out, 1), { code: 'bad-weights', message: /scale/ });
  writeFileSync(file, 'no json');
  await assert.rejects(readDetector(out, 1), { code: 'bad-weights' });
  writeFileSync(file, text);
  writeFileSync(join(out, 'detector.onnx'), readFileSync(join(out, 'detector.onnx')).subarray(0, 1000));
  await assert.rejects(readDetector(out, 1), { code: 'bad-weights' });
});
