// The export service: pictures of the store become an export that verifies against its sources by hash.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { decodePicture, encodeMaskPng, encodePng } from '../../../src/engine/imaging/index.ts';
import { put, tempFolder, testRaster } from '../imaging/make-pictures.ts';
import { realPicture, storedPicture } from '../support/pictures.ts';
import { DEFECT, H, painted, W } from './sample-job.ts';

test('stored pictures are exported with source or reference, and verified by the hash of the source', async (t) => {
  const folder = await tempFolder(t);
  const real = await realPicture(folder, 'train/good/000.png', testRaster(W, H, 3), null, null);
  const defect = await realPicture(
    folder,
    'test/hole/000.png',
    testRaster(W, H, 3, false, 2),
    'hole',
    DEFECT,
  );
  const { raster } = await decodePicture(real.path);
  const path = await put(folder, 'blobs/made', await encodePng(painted(raster, DEFECT)));
  const maskPath = await put(folder, 'blobs/mask', await encodeMaskPng(DEFECT));
  const windows = storedPicture({ id: '01W', path, maskPath, width: W, height: H, source: real });
  const seas = storedPicture({
    ...windows,
    id: '01S',
    generator: 'seas',
    sourceUse: 'reference',
    checks: { outside: null, agreement: null },
  });
  const normal = storedPicture({ ...seas, id: '01N', generator: 'normal', type: null, maskPath: null });

  const { exports } = defaultServices();
  const { signal } = new AbortController();
  const out = join(folder, 'export');
  const outcome = await exports.write(
    {
      format: 'mvtec',
      out,
      product: 'nut',
      types: ['hole'],
      generated: [windows, seas, normal],
      real: [real, defect],
      engineVersion: '0',
    },
    signal,
  );
  assert.equal(outcome.folder, out);

  const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
  const byGenerator = (name: string) =>
    manifest.generated.find((g: { generator: string }) => g.generator === name);
  const ref = { file: real.file, sha256: real.sha256 };
  assert.deepEqual(byGenerator('windows').source, ref);
  assert.deepEqual(byGenerator('windows').outside, { changed: 0, grownBy: 4 });
  for (const name of ['seas', 'normal']) {
    assert.deepEqual(byGenerator(name).reference, ref);
    assert.equal(byGenerator(name).source ?? null, null);
    assert.equal(byGenerator(name).outside, null);
  }
  assert.equal(byGenerator('normal').type, 'good');
  assert.equal(manifest.real.length, 2);

  const asked: string[] = [];
  const found = await exports.verify(out, {
    signal,
    findSource: (sha256) => {
      asked.push(sha256);
      return sha256 === real.sha256 ? real.path : null;
    },
  });
  assert.deepEqual(found.problems, []);
  assert.equal(found.outsideChecked, 1);
  assert.equal(found.files, outcome.files);
  assert.ok(asked.every((sha256) => sha256 === real.sha256));
});
