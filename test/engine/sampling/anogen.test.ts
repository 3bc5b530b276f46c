// AnoGen the whole way on small packs: embedding, boxes, pixels outside the box, weak labels in store, review and export.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import type { Raster } from '../../../src/core/image/raster.ts';
import { decodePicture } from '../../../src/engine/imaging/index.ts';
import { listGenerations } from '../../../src/engine/store/generations.ts';
import { getImage } from '../../../src/engine/store/images.ts';
import { findTokenSet } from '../../../src/engine/store/token-sets.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { writeTinySd } from '../packs/tiny-sd.ts';
import { collect, resultOf } from '../support/connected.ts';
import { plateWorkspace } from '../support/real-engine.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tinyWindowPack } from '../support/tiny-window-pack.ts';

const TRAIN = { method: 'anogen', preset: 'quick', shotSeed: 0, seed: 3, steps: 2, device: 'cpu' } as const;
const DRAW = { generator: 'anogen', seed: 1, shotSeed: 0, device: 'cpu' } as const;

const PLATES = { good: 2, each: 4 };

interface Made {
  picture: Raster;
  source: Raster;
  mask: Raster;
  row: ReturnType<typeof listGenerations>[number];
}

async function madeBy(folder: string, runId: string): Promise<Made[]> {
  const { db, blobs, close } = openWorkspaceForReading(folder);
  const made: Made[] = [];
  const open = async (blob: string) => (await decodePicture(blobs.path(blob))).raster;
  for (const row of listGenerations(db, { runId })) {
    const source = await open(getImage(db, row.sourceImageId!)!.blob);
    made.push({ row, source, picture: await open(row.imageBlob), mask: await open(row.maskBlob!) });
  }
  close();
  return made;
}

/** Pixels that differ from the source inside and outside the mask. */
function changes({ picture, source, mask }: Made): { inside: number; outside: number } {
  let [inside, outside] = [0, 0];
  for (let i = 0; i < mask.width * mask.height; i++) {
    const same = [0, 1, 2].every((c) => picture.data[3 * i + c] === source.data[3 * i + c]);
    if (!same && mask.data[i] > 0) inside++;
    if (!same && mask.data[i] === 0) outside++;
  }
  return { inside, outside };
}

test('window pack: adapters join the embedding, boxes are the label, outside them every pixel is the source', async (t) => {
  const pack = tinyWindowPack(join(tempFolder(t), 'tiny'));
  const { folder, root, session, again } = await plateWorkspace(t, PLATES);
  const { client } = session;
  const trained = await resultOf(client.training.train({ ...TRAIN, pack, type: 'dent', steps: 5 }));
  assert.deepEqual(trained.types, ['dent']);
  assert.match(String(trained.summary.learned), /5 vectors per type and low-rank adapters of rank 8/);
  assert.ok(Number(trained.summary.largestRowChange) > 0);

  const stop = new AbortController();
  let runId = '';
  await assert.rejects(async () => {
    const input = { ...TRAIN, pack, type: 'dent', steps: 5 };
    for await (const event of await client.training.train(input, { signal: stop.signal })) {
      if (event.event === 'run') runId = event.runId;
      if (event.event === 'checkpoint') stop.abort();
    }
  });
  const next = await again(session);
  await resultOf(next.client.training.train({ resume: runId }));
  const { db, close } = openWorkspaceForReading(folder);
  assert.deepEqual(findTokenSet(db, runId)!.files, findTokenSet(db, trained.runId)!.files);
  close();

  const { runId: drawn } = await resultOf(
    next.client.generation.generate({ ...DRAW, count: 3, settings: { samplerSteps: 2 } }),
  );
  const made = await madeBy(folder, drawn);
  assert.equal(made.length, 3);
  for (const one of made) {
    assert.deepEqual(changes(one).outside, 0);
    assert.ok(changes(one).inside > 0);
    assert.equal(one.row.label, 'box');
    assert.deepEqual(one.row.checks.outside, { changed: 0, grownBy: 0 });
    const bounds = one.row.checks.bounds as { width: number; height: number };
    const set = one.mask.data.filter((v) => v > 0).length;
    assert.equal(set, bounds.width * bounds.height, 'a full box, no outline of a defect');
  }
  const { equal } = await resultOf(next.client.generation.recreate({ id: made[1].row.id }));
  assert.ok(equal);

  const { pictures } = await next.client.review.list({ run: drawn });
  assert.deepEqual(
    pictures.map((p) => p.label),
    ['box', 'box', 'box'],
  );
  await next.client.review.decide({ decision: 'accept', select: { ids: pictures.map((p) => p.id) } });
  const out = join(root, 'set');
  await resultOf(next.client.exports.export({ format: 'mvtec', out, parts: 'both' }));
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  assert.ok(manifest.generated.every((g: { label?: string }) => g.label === 'box'));
  assert.match(readFileSync(join(out, 'README.txt'), 'utf8'), /WEAK LABELS: the masks of 3 pictures/);
  await resultOf(next.client.exports.verify({ folder: out }));
});

test('a given box, and the window as it was decoded', async (t) => {
  const pack = tinyWindowPack(join(tempFolder(t), 'tiny'));
  const { folder, session } = await plateWorkspace(t, PLATES);
  const { client } = session;
  await resultOf(client.training.train({ ...TRAIN, pack, steps: 1, type: 'dent' }));
  const placement = {
    where: { kind: 'box' as const, x: 0.25, y: 0.25, width: 0.25, height: 0.5 },
    size: 1,
    defects: 1,
    strength: 1,
  };
  const draw = { ...DRAW, type: 'dent', count: 1, placement };
  const settings = { samplerSteps: 2 };
  const boxed = await resultOf(client.generation.generate({ ...draw, settings }));
  const [inBox] = await madeBy(folder, boxed.runId);
  assert.deepEqual(inBox.row.checks.bounds, { x: 48, y: 36, width: 48, height: 72 });
  assert.equal(changes(inBox).outside, 0);
  const decoded = await resultOf(
    client.generation.generate({ ...draw, settings: { ...settings, paste: false } }),
  );
  const [whole] = await madeBy(folder, decoded.runId);
  assert.ok(changes(whole).outside > 0);
  assert.equal(whole.row.checks.outside, null);
  await assert.rejects(
    collect(client.generation.generate({ ...draw, settings: { vectors: 2 } })),
    (e) => e instanceof AppError && /belongs to training/.test(e.message),
  );
});

for (const inpainting of [false, true]) {
  const kind = inpainting ? 'inpainting' : 'text-to-image';
  test(`Stable Diffusion ${kind} folder: one vector per type, every network frozen`, async (t) => {
    const pack = writeTinySd(join(tempFolder(t), 'sd'), { inpainting });
    const { folder, session } = await plateWorkspace(t, PLATES);
    const { client } = session;
    const trained = await resultOf(client.training.train({ ...TRAIN, pack, steps: 2 }));
    assert.deepEqual(trained.types, ['dent', 'scratch']);
    assert.equal(trained.summary.learned, '1 vectors per type, all networks frozen');
    const { runId } = await resultOf(
      client.generation.generate({ ...DRAW, type: 'scratch', count: 2, settings: { samplerSteps: 2 } }),
    );
    for (const one of await madeBy(folder, runId)) assert.equal(changes(one).outside, 0);
  });
}
