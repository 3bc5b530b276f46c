// Pictures with defects of several types through the real importer into the store, and again after the labels changed.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { chooseDataset } from '../../../src/engine/handlers/run-dataset.ts';
import { decodeMask } from '../../../src/engine/imaging/index.ts';
import { listImages } from '../../../src/engine/store/images.ts';
import { findProduct } from '../../../src/engine/store/products.ts';
import { openWorkspaceForReading, type ReadableWorkspace } from '../../../src/engine/workspace.ts';
import { boxMask, encoded, put, testRaster } from '../imaging/make-pictures.ts';
import { connect, resultOf } from '../support/connected.ts';
import { fakeServices } from '../support/fake-services.ts';
import { tempFolder } from '../support/temp-folder.ts';

const W = 20;
const H = 12;

/** COCO with one square per picture and type, at x = 2 for dent and 10 for hole. */
function labels(pictures: Record<string, string[]>): string {
  const types = ['dent', 'hole', '__proto__'];
  const files = Object.keys(pictures);
  const square = (x: number): number[][] => [[x, 2, x + 3, 2, x + 3, 5, x, 5]];
  return JSON.stringify({
    images: files.map((file_name, id) => ({ id, file_name, width: W, height: H })),
    categories: types.map((name, id) => ({ id, name })),
    annotations: files.flatMap((file, image_id) =>
      pictures[file].map((type, i) => ({
        id: image_id * 10 + i,
        image_id,
        category_id: types.indexOf(type),
        segmentation: square(type === 'hole' ? 10 : 2),
      })),
    ),
  });
}

async function setup(t: TestContext) {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'source');
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    await put(source, `images/${name}.png`, await encoded(testRaster(W, H, 3, false, i)));
  }
  const services = { ...fakeServices(), datasets: defaultServices().datasets };
  const { client } = connect(t, folder, {}, services);
  await client.workspace.init({});
  const add = async () => {
    const input = { source, layout: 'auto', dryRun: false, skipBad: false, product: 'part' } as const;
    const result = await resultOf(client.datasets.import(input));
    return [result.added, result.changed, result.unchanged];
  };
  const reading = <T>(work: (workspace: ReadableWorkspace) => T): T => {
    const workspace = openWorkspaceForReading(folder);
    try {
      return work(workspace);
    } finally {
      workspace.close();
    }
  };
  const rows = () =>
    reading((w) =>
      listImages(w.db, findProduct(w.db, 'part')!.id)
        .map((i) => `${i.file} ${i.role} ${i.type} ${i.maskAreaPx}`)
        .sort(),
    );
  const relabel = (pictures: Record<string, string[]>): void =>
    writeFileSync(join(source, 'x.json'), labels(pictures));
  return { add, rows, reading, relabel };
}

test('a row per picture and type, with its own mask; again adds nothing', async (t) => {
  const { add, rows, reading, relabel } = await setup(t);
  relabel({ 'a.png': ['dent', 'hole'], 'b.png': [], 'c.png': ['__proto__'] });
  assert.deepEqual(await add(), [4, 0, 0]);
  const expected = [
    'images/a.png defect dent 9',
    'images/a.png defect hole 9',
    'images/b.png normal null null',
    'images/c.png defect __proto__ 9',
  ];
  assert.deepEqual(rows(), expected);
  assert.deepEqual(await add(), [0, 0, 4]);
  assert.deepEqual(rows(), expected);
  await reading(async (workspace) => {
    const dataset = chooseDataset(workspace, findProduct(workspace.db, 'part')!, {
      shots: null,
      shotSeed: 0,
    });
    assert.deepEqual(dataset.types, ['__proto__', 'dent', 'hole']);
    const hole = dataset.shots.find((shot) => shot.type === 'hole')!;
    assert.deepEqual((await decodeMask(hole.maskPath!, hole)).mask, boxMask(W, H, 10, 2, 3, 3));
    // The same picture is a shot of another type, so it is held out of none.
    assert.deepEqual(dataset.heldOut, []);
  });
});

test('labels that change: a type less, a type more, good, and back', async (t) => {
  const { add, rows, relabel } = await setup(t);
  relabel({ 'a.png': ['dent', 'hole'] });
  assert.deepEqual(await add(), [4, 0, 0]);
  relabel({ 'a.png': ['hole'] });
  assert.deepEqual(await add(), [0, 1, 2]);
  assert.deepEqual(
    rows().filter((row) => row.includes('a.png')),
    ['images/a.png defect hole 9'],
  );
  relabel({ 'a.png': [] });
  await add().catch(() => {});
  relabel({ 'a.png': ['dent', 'hole'], 'b.png': ['dent'] });
  await add();
  assert.deepEqual(rows(), [
    'images/a.png defect dent 9',
    'images/a.png defect hole 9',
    'images/b.png defect dent 9',
    'images/c.png unlabelled null null',
  ]);
});
