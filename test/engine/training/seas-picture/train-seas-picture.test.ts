// SeaS on a Stable Diffusion folder: what a run learns and keeps, resuming, ending early, refusals.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../../src/core/base/errors.ts';
import { defaultServices } from '../../../../src/engine/default-services.ts';
import { decodePicture } from '../../../../src/engine/imaging/index.ts';
import { listGenerations } from '../../../../src/engine/store/generations.ts';
import { findTokenSet } from '../../../../src/engine/store/token-sets.ts';
import { readWeightsFile } from '../../../../src/engine/training/seas/networks.ts';
import { openWorkspaceForReading } from '../../../../src/engine/workspace.ts';
import { collect, connect, resultOf } from '../../support/connected.ts';
import { writePlate } from '../../support/plate.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { SMALL_MASKS, writeTinyPictures } from '../../support/tiny-sd-pictures.ts';

const TRAIN = { method: 'seas', preset: 'balanced', shotSeed: 0, seed: 3, steps: 6 } as const;
const SETTINGS = { ...SMALL_MASKS, goodPictures: 3, heldOut: 2 };

async function workspace(t: TestContext, options: { inpainting?: boolean } = {}) {
  const root = tempFolder(t);
  const source = await writePlate(root, { good: 3, each: 4 });
  const folder = join(root, 'ws');
  const session = connect(t, folder, {}, defaultServices());
  await session.client.workspace.init({});
  await resultOf(
    session.client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }),
  );
  return { root, folder, pack: writeTinyPictures(join(root, 'sd'), options), ...session };
}

function filesOf(folder: string, runId: string) {
  const { db, blobs, close } = openWorkspaceForReading(folder);
  const { files, config } = findTokenSet(db, runId)!;
  close();
  return { files, config, path: (name: string) => blobs.path(files[name]) };
}

test('adapters: losses, weights and masks; resuming in either phase gives the same bytes', async (t) => {
  const { client, folder, pack } = await workspace(t);
  const input = { ...TRAIN, pack, adapterRank: 2, settings: SETTINGS };
  const trained = await resultOf(client.training.train(input));
  assert.deepEqual(trained.types, ['dent', 'scratch']);
  console.log(trained.summary);
  const { files, path } = filesOf(folder, trained.runId);
  assert.deepEqual(Object.keys(files), ['adapters.safetensors', 'rmp.safetensors']);
  console.log(Object.keys(readWeightsFile(path('adapters.safetensors'))).length);

  for (const phase of [1, 6]) {
    const stop = new AbortController();
    let runId = '';
    let seen = 0;
    await assert.rejects(async () => {
      for await (const event of await client.training.train(input, { signal: stop.signal })) {
        if (event.event === 'run') runId = event.runId;
        if (event.event === 'checkpoint' && ++seen === phase) stop.abort();
      }
    });
    await resultOf(client.training.train({ resume: runId }));
    assert.deepEqual(filesOf(folder, runId).files, files);
  }
  const { runId } = await resultOf(
    client.generation.generate({ generator: 'seas', type: 'scratch', count: 2, seed: 1, shotSeed: 0, settings: { samplerSteps: 4 } }),
  );
  const { db, blobs, close } = openWorkspaceForReading(folder);
  for (const row of listGenerations(db, { runId })) {
    const { raster } = await decodePicture(blobs.path(row.imageBlob));
    const { raster: mask } = await decodePicture(blobs.path(row.maskBlob!));
    console.log(raster.width, raster.height, mask.width, row.checks, row.flags, row.sourceUse);
  }
  close();
});
