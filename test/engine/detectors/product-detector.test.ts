// A detector for a product on disk: stopped and run again it writes what an undisturbed run writes; generated pictures
// join, boxes as weak labels.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { type ProofPicture, splitForProof } from '../../../src/core/prove/split.ts';
import type { DetectorCall, DetectorJob } from '../../../src/engine/detector-services.ts';
import { detectorService } from '../../../src/engine/detectors/product/detector-service.ts';
import { generatedDefects, productWindows } from '../../../src/engine/detectors/product/product-windows.ts';
import { EMBEDDED_PACK } from '../../../src/engine/packs/pack-service.ts';
import { loadProofMaterial } from '../../../src/engine/prove/material.ts';
import type { DatasetPicture, StoredPicture } from '../../../src/engine/services.ts';
import { PLATE, writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The pictures of an MVTec folder as the workspace would know them. */
function picturesOf(root: string): Map<string, DatasetPicture> {
  const pictures = new Map<string, DatasetPicture>();
  const add = (file: string, type: string | null, maskPath: string | null) => {
    const path = join(root, file);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    const maskSha256 = maskPath && createHash('sha256').update(readFileSync(maskPath)).digest('hex');
    pictures.set(file, {
      id: file,
      file,
      role: type === null ? 'normal' : 'defect',
      split: null,
      type,
      path,
      sha256,
      maskPath,
      maskSha256,
      maskAreaPx: null,
      ...PLATE,
      channels: 3,
      bitDepth: 8,
      group: null,
    });
  };
  for (const name of readdirSync(join(root, 'train/good'))) add(`train/good/${name}`, null, null);
  for (const type of readdirSync(join(root, 'test')))
    for (const name of readdirSync(join(root, 'test', type)))
      add(`test/${type}/${name}`, type, join(root, 'ground_truth', type, name.replace('.png', '_mask.png')));
  return pictures;
}

async function jobIn(t: TestContext): Promise<{ job: DetectorJob; folder: string }> {
  const folder = tempFolder(t);
  const pictures = picturesOf(await writePlate(folder));
  const rows = [...pictures.values()].map((p): ProofPicture => ({ ...p, hasMask: p.maskPath !== null }));
  const split = splitForProof(rows, { shots: 2, shotSeed: 0 });
  const job: DetectorJob = {
    kind: 'unet',
    split,
    pictures,
    accepted: [],
    seed: 0,
    settings: { steps: 8, batch: 4, width: 8, window: 64 },
    pack: { name: 'embedded', path: EMBEDDED_PACK, hash: 'any' } as DetectorJob['pack'],
    device: 'cpu',
    lowerings: {},
    out: join(folder, 'undisturbed'),
    engineVersion: 'test',
  };
  return { job, folder };
}

const call = (signal: AbortSignal, onProgress: DetectorCall['onProgress'] = () => {}): DetectorCall => ({
  signal,
  onProgress,
  log: () => {},
});
const free = () => new AbortController().signal;

test('stopped and called again, the folder is that of an undisturbed training', async (t) => {
  const { job, folder } = await jobIn(t);
  const facts = await detectorService.train(job, call(free()));
  assert.equal(facts.shots, 4);
  assert.ok(facts.validation > 0 && !facts.validatedOnShots);
  const out = join(folder, 'stopped');
  const stop = new AbortController();
  const stopping = call(stop.signal, (done) => {
    if (done === 5) stop.abort(new Error('stopped'));
  });
  await assert.rejects(detectorService.train({ ...job, out }, stopping), /stopped/);
  assert.deepEqual([existsSync(out), existsSync(`${out}.training`)], [false, true]);
  const steps: number[] = [];
  await detectorService.train(
    { ...job, out },
    call(free(), (done) => steps.push(done)),
  );
  assert.equal(steps[0], 5);
  assert.equal(existsSync(`${out}.training`), false);
  for (const name of ['detector.onnx', 'detector.json', 'SHA256SUMS'])
    assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(job.out, name))), name);
  await assert.rejects(detectorService.train(job, call(free())), { code: 'usage' });
});

test('two thirds of the defect windows come from generated pictures; boxes are weak', async (t) => {
  const { job } = await jobIn(t);
  const material = await loadProofMaterial({ ...job, settings: { window: 64 } }, free());
  const tests = job.split.tests.flatMap(({ rows }) => rows).filter((row) => row.hasMask);
  const accepted = tests.map((row, i) => {
    const { path, maskPath, type, id } = job.pictures.get(row.id) as DatasetPicture;
    return { id, path, maskPath, type, label: i === 0 ? 'box' : 'mask' } as StoredPicture;
  });
  const generated = await generatedDefects(accepted, material, free());
  assert.equal(generated.length, accepted.length);
  const { defect } = productWindows(material, generated);
  assert.ok(defect);
  const counts = { real: 0, exact: 0, weak: 0 };
  for (let i = 0; i < 240; i++) {
    const window = await defect(namedRng(i, 'window'));
    if (window.kind === 'real') counts.real++;
    else counts[window.weak ? 'weak' : 'exact']++;
  }
  assert.ok(counts.real > 50 && counts.real < 110, JSON.stringify(counts));
  assert.ok(counts.weak > 0 && counts.exact > 0);
});
