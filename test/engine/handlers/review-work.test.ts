// Generation with a place, size, number and strength, and the reviewer's work, on real pixels with the generator `paste`.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { compressCounts, maskToRle, rleToMask } from '../../../src/core/formats/coco-rle.ts';
import { maskArea, maskBounds, type Rect } from '../../../src/core/image/raster.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { countDifferences, decodeMask, decodePicture } from '../../../src/engine/imaging/index.ts';
import { getGeneration } from '../../../src/engine/store/generations.ts';
import { getImage } from '../../../src/engine/store/images.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { boxMask } from '../imaging/make-pictures.ts';
import { connect, resultOf } from '../support/connected.ts';
import { PLATE, writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tinyWindowPack } from '../support/tiny-window-pack.ts';

const PASTE = { generator: 'paste', type: 'dent', seed: 3, shotSeed: 0, masks: 'real' } as const;
const LEARNED = { where: { kind: 'learned' }, size: 1, defects: 1, strength: 1 } as const;
const IMPORT = { layout: 'auto', dryRun: false, skipBad: false } as const;
const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

async function plateWorkspace(t: TestContext) {
  const folder = join(tempFolder(t), 'parts');
  const open = () => connect(t, folder, {}, defaultServices());
  const session = open();
  await session.client.workspace.init({});
  const source = await writePlate(tempFolder(t));
  await resultOf(session.client.datasets.import({ source, ...IMPORT }));
  return { folder, open, ...session };
}

/** Pictures, masks and good pictures of a run. */
async function pixels(folder: string, ids: readonly string[]) {
  const workspace = openWorkspaceForReading(folder);
  try {
    const out = [];
    for (const id of ids) {
      const row = getGeneration(workspace.db, id)!;
      const path = (blob: string) => workspace.blobs.path(blob);
      const { raster } = await decodePicture(path(row.imageBlob));
      const source = (await decodePicture(path(getImage(workspace.db, row.sourceImageId!)!.blob))).raster;
      const { mask } = await decodeMask(path(row.maskBlob!), raster);
      out.push({ row, raster, source, mask });
    }
    return out;
  } finally {
    workspace.close();
  }
}

const holds = (outer: Rect, inner: Rect) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;
const idsOf = (list: { pictures: { id: string }[] }) => list.pictures.map(({ id }) => id);

test('a box, a size and a strength are met', async (t) => {
  const { client, folder } = await plateWorkspace(t);
  const box = { kind: 'box', x: 0.5, y: 0.5, width: 0.5, height: 0.5 } as const;
  const wish = { where: box, size: 0.6, defects: 1, strength: 0.5 };
  const { runId } = await resultOf(client.generation.generate({ ...PASTE, count: 6, placement: wish }));
  const plain = await resultOf(client.generation.generate({ ...PASTE, count: 6 }));
  const boxed = await pixels(folder, idsOf(await client.review.list({ run: runId })));
  const free = await pixels(folder, idsOf(await client.review.list({ run: plain.runId })));
  for (const { mask } of boxed) {
    const bounds = maskBounds(mask)!;
    assert.ok(bounds.x >= PLATE.width / 2 && bounds.y >= PLATE.height / 2, JSON.stringify(bounds));
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const areas = (made: typeof boxed) => mean(made.map(({ mask }) => maskArea(mask)));
  assert.ok(areas(boxed) < 0.6 * areas(free), `${areas(boxed)} ${areas(free)}`);
  const change = ({ raster, source, mask }: (typeof boxed)[number]) =>
    [...raster.data].reduce((sum, v, i) => sum + Math.abs(v - source.data[i]), 0) / maskArea(mask);
  assert.ok(mean(boxed.map(change)) < 0.75 * mean(free.map(change)));
  assert.ok(boxed.every(({ row }) => (row.checks.outside as { changed: number }).changed === 0));
});

test('several defects lie apart, and a run with wishes is resumed as itself', async (t) => {
  const { client, folder } = await plateWorkspace(t);
  const placement = { ...LEARNED, defects: 3, size: 0.5 };
  const { runId } = await resultOf(client.generation.generate({ ...PASTE, count: 3, placement }));
  const made = await pixels(folder, idsOf(await client.review.list({ run: runId })));
  assert.ok(made.some(({ row }) => (row.recipe.pieces as unknown[]).length >= 3));
  for (const { row } of made) {
    assert.equal((await resultOf(client.generation.recreate({ id: row.id }))).equal, true);
  }
});

test('painted zones hold for every good picture and are kept', async (t) => {
  const { client, folder } = await plateWorkspace(t);
  const { pictures } = await client.pictures.page({ filter: { role: 'normal' } });
  const zone = boxMask(PLATE.width, PLATE.height, 10, 80, 120, 60);
  const lengths = { width: PLATE.width, height: PLATE.height, counts: maskToRle(zone).counts };
  const painted = await client.generation.paintPlacement({
    use: 'zones',
    picture: pictures[0].id,
    mask: lengths,
  });
  assert.deepEqual([painted.areaPx, painted.mask], [120 * 60, lengths]);
  assert.deepEqual(await client.generation.painted({ use: 'zones' }), painted);
  const placement = { ...LEARNED, where: { kind: 'zones' as const, mask: painted.id } };
  const { runId } = await resultOf(client.generation.generate({ ...PASTE, count: 4, placement }));
  for (const { mask } of await pixels(folder, idsOf(await client.review.list({ run: runId })))) {
    assert.ok(mask.data.every((v, i) => v === 0 || zone.data[i] === 1));
  }
  const empty = { ...lengths, counts: compressCounts([PLATE.width * PLATE.height]) };
  const bad = client.generation.paintPlacement({ use: 'zones', picture: pictures[0].id, mask: empty });
  await assert.rejects(bad, hasCode('bad-mask'));
});

test('a wish that cannot be met is refused', async (t) => {
  const { client } = await plateWorkspace(t);
  const { pictures } = await client.pictures.page({ filter: { role: 'normal' } });
  const zone = boxMask(PLATE.width, PLATE.height, 10, 10, 20, 20);
  const mask = { width: PLATE.width, height: PLATE.height, counts: maskToRle(zone).counts };
  const { id } = await client.generation.paintPlacement({ use: 'mask', picture: pictures[0].id, mask });
  const placement = { ...LEARNED, where: { kind: 'mask' as const, mask: id } };
  const asked = (more: object) => resultOf(client.generation.generate({ ...PASTE, count: 1, ...more }));
  await assert.rejects(asked({ placement }), hasCode('usage'));
  await assert.rejects(asked({ sources: [id] }), hasCode('usage'));
  await assert.rejects(asked({ placement: { ...LEARNED, size: 9 } }), hasCode('usage'));
});

test('decisions are taken back in their order, also after a restart', async (t) => {
  const { client, close, open } = await plateWorkspace(t);
  await resultOf(client.generation.generate({ ...PASTE, count: 4 }));
  const ids = idsOf(await client.review.list({}));
  await client.review.decide({ decision: 'accept', select: { ids: [ids[0]] } });
  await client.review.decide({ decision: 'reject', reason: 'faint', select: { ids: ids.slice(0, 3) } });
  await close();
  const later = open();
  const states = async () => (await later.client.review.list({})).pictures.map((p) => [p.status, p.reason]);
  assert.deepEqual(await later.client.review.steps({}), {
    undo: { seq: 2, kind: 'reject', pictures: 3 },
    redo: null,
  });
  const undone = await later.client.review.undo({});
  assert.deepEqual(new Set(undone.changed), new Set(ids.slice(0, 3)));
  const none = ['undecided', null];
  assert.deepEqual(await states(), [['accepted', null], none, none, none]);
  await later.client.review.undo({});
  assert.deepEqual(await states(), [none, none, none, none]);
  await assert.rejects(later.client.review.undo({}), hasCode('usage'));
  await later.client.review.redo({});
  await later.client.review.redo({});
  const faint = ['rejected', 'faint'];
  assert.deepEqual(await states(), [faint, faint, faint, none]);
  await later.client.review.undo({});
  await later.client.review.decide({ decision: 'accept', select: { ids: [ids[3]] } });
  await assert.rejects(later.client.review.redo({}), hasCode('usage'));
  assert.equal((await later.client.audit.verify({})).entries > 0, true);
});

test('a corrected mask: outside of it the good picture again, undone and done again', async (t) => {
  const { client, folder } = await plateWorkspace(t);
  await resultOf(client.generation.generate({ ...PASTE, count: 1 }));
  const [id] = idsOf(await client.review.list({}));
  const [before] = await pixels(folder, [id]);
  const b = maskBounds(before.mask)!;
  const half = boxMask(PLATE.width, PLATE.height, b.x, b.y, Math.ceil(b.width / 2), b.height);
  const cut = { ...before.mask, data: before.mask.data.map((v, i) => v & half.data[i]) };
  const counts = maskToRle(cut).counts;
  const repaired = await client.review.repair({ id, mask: { ...PLATE, counts } });
  assert.deepEqual([repaired.repairs, repaired.checks.outside], [1, { changed: 0, grownBy: 4 }]);
  const [after] = await pixels(folder, [id]);
  assert.deepEqual(after.mask, cut);
  assert.deepEqual(
    rleToMask(
      { size: [PLATE.height, PLATE.width], counts: (await client.review.mask({ id })).counts },
      PLATE,
    ),
    cut,
  );
  const gone = before.mask.data.findIndex(
    (v, i) => v === 1 && cut.data[i] === 0 && i % PLATE.width > b.x + b.width / 2 + 6,
  );
  assert.ok(gone < 0 || after.raster.data[3 * gone] === after.source.data[3 * gone]);
  assert.ok(countDifferences(before.raster, after.raster) > 0);
  await client.review.undo({});
  const [undone] = await pixels(folder, [id]);
  assert.deepEqual([undone.mask, undone.raster], [before.mask, before.raster]);
  await client.review.redo({});
  assert.deepEqual((await pixels(folder, [id]))[0].mask, cut);
  assert.equal((await resultOf(client.generation.recreate({ id }))).equal, true);
  assert.equal((await resultOf(client.workspace.doctor({ repair: false }))).healthy, true);
});

test('another picture in its place; undo brings the old one back', async (t) => {
  const { client } = await plateWorkspace(t);
  await resultOf(client.generation.generate({ ...PASTE, count: 1 }));
  const [old] = (await client.review.list({})).pictures;
  const made = await resultOf(client.generation.replace({ id: old.id, seed: 99 }));
  const fresh = await client.review.get({ id: made.id });
  assert.deepEqual([fresh.source, fresh.type, fresh.status], [old.source, old.type, 'undecided']);
  assert.deepEqual((await client.review.get({ id: old.id })).reason, 'replaced');
  const { changed } = await client.review.undo({});
  assert.deepEqual(changed, [old.id, made.id]);
  assert.equal((await client.review.get({ id: old.id })).status, 'undecided');
  assert.equal((await client.review.get({ id: made.id })).status, 'rejected');
});

test('the nearest real defect is one of its type, with squares around both marks', async (t) => {
  const { client, folder } = await plateWorkspace(t);
  await resultOf(client.generation.generate({ ...PASTE, count: 3 }));
  for (const { row, mask } of await pixels(folder, idsOf(await client.review.list({})))) {
    const near = await client.review.nearest({ id: row.id });
    assert.ok(near!.file.includes('dent') && near!.distance < 0.4, JSON.stringify(near));
    assert.ok(holds(near!.ownRect, maskBounds(mask)!));
    const real = (await client.pictures.page({ filter: { type: 'dent' } })).pictures;
    assert.ok(real.some(({ id }) => id === near!.picture));
  }
});

test('a blind test keeps every answer and gives an interval', async (t) => {
  const { client, close, open } = await plateWorkspace(t);
  await assert.rejects(client.review.blind.start({ count: 6, seed: 1 }), hasCode('usage'));
  await resultOf(client.generation.generate({ ...PASTE, count: 4 }));
  const started = await client.review.blind.start({ count: 6, seed: 1, type: 'dent', person: 'M. Huber' });
  assert.deepEqual([started.items.length, started.score.share], [6, null]);
  assert.equal(started.items.filter(({ kind }) => kind === 'generated').length, 3);
  await client.review.blind.answer({ id: started.id, index: 0, answer: 'generated' });
  await close();
  const later = open().client;
  for (const [index] of started.items.entries()) {
    await later.review.blind.answer({ id: started.id, index, answer: 'generated' });
  }
  const [test] = (await later.review.blind.list({})).tests;
  assert.deepEqual([test.person, test.score.answered, test.score.right], ['M. Huber', 6, 3]);
  assert.ok(test.score.low! < 0.2 && test.score.high! > 0.8);
  const again = later.review.blind.answer({ id: started.id, index: 0, answer: 'real' });
  await assert.rejects(again, hasCode('usage'));
});

test('time is predicted from earlier runs; a stopped run can be ended', async (t) => {
  const { client } = await plateWorkspace(t);
  const none = await client.generation.predict({ generator: 'paste', count: 10 });
  assert.deepEqual(none, { seconds: null, low: null, high: null, measured: 0 });
  const { runId } = await resultOf(client.generation.generate({ ...PASTE, count: 4 }));
  const told = await client.generation.predict({ generator: 'paste', count: 10 });
  assert.equal(told.measured, 4);
  assert.ok(told.low! <= told.seconds! && told.seconds! <= told.high!);
  await assert.rejects(client.generation.keep({ runId }), hasCode('usage'));
  assert.deepEqual((await client.generation.learned({})).tokenSets, []);
});

test('the model draws inside a mask painted by hand, and mixes attributes', async (t) => {
  const { client, folder } = await plateWorkspace(t);
  const pack = tinyWindowPack(join(tempFolder(t), 'pack'));
  const quick = {
    method: 'seas',
    preset: 'quick',
    shots: 2,
    shotSeed: 0,
    seed: 1,
    steps: 2,
    device: 'cpu',
  } as const;
  await resultOf(client.training.train({ ...quick, pack }));
  const [set] = (await client.generation.learned({})).tokenSets;
  assert.deepEqual(
    set.types.map(({ name, tokens }) => [name, tokens.length]),
    [
      ['dent', 4],
      ['scratch', 4],
    ],
  );
  const { pictures } = await client.pictures.page({ filter: { role: 'normal' } });
  const drawn = boxMask(PLATE.width, PLATE.height, 60, 50, 40, 12);
  const mask = { ...PLATE, counts: maskToRle(drawn).counts };
  const painted = await client.generation.paintPlacement({ use: 'mask', picture: pictures[2].id, mask });
  const { runId } = await resultOf(
    client.generation.generate({
      ...PASTE,
      generator: 'windows',
      count: 1,
      device: 'cpu',
      attributes: { [set.types[0].tokens[0]]: 0.5, [set.types[1].tokens[0]]: 0.5 },
      placement: { ...LEARNED, where: { kind: 'mask', mask: painted.id } },
    }),
  );
  const [made] = await pixels(folder, idsOf(await client.review.list({ run: runId })));
  assert.deepEqual([made.mask, made.row.sourceImageId], [drawn, pictures[2].id]);
  assert.ok(countDifferences(made.source, made.raster) > 0);

  const corner = boxMask(PLATE.width, PLATE.height, 5, 5, 20, 20);
  const again = { id: made.row.id, seed: 8, device: 'cpu' as const };
  const other = await resultOf(
    client.generation.replace({ ...again, mask: { ...PLATE, counts: maskToRle(corner).counts } }),
  );
  const [fresh] = await pixels(folder, [other.id]);
  assert.deepEqual([fresh.mask, fresh.row.generator], [corner, 'windows']);
});
