// npm run crash in short: a few kills in every phase. And on the pictures it leaves: recreate with the real generator.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { namedRng } from '../../src/core/base/rng.ts';
import { connectWritable } from '../../src/engine/store/database.ts';
import { listGenerations } from '../../src/engine/store/generations.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { type CampaignResult, runCampaign } from './campaign.ts';
import { drawMoment, readTrace } from './moment.ts';
import { flawsmith } from './process.ts';
import { WORKSPACE } from './scene.ts';

test('a trace tells which writes were open', () => {
  const text =
    'B 0.0 1 write a\nE 1.5 1\nB 2.0 2 database: transaction\nN 2.1 2 database: commit\nB 3 3 rename b\nE 4.0 3\n';
  assert.deepEqual(readTrace(text), { begun: 3, open: ['database: commit'], ms: 4 });
});

test('moments are seeded and lie within the course', () => {
  const draw = (name: string) => drawMoment(namedRng(1, name), { ms: 100, writes: 9 });
  assert.deepEqual(draw('a'), draw('a'));
  const moments = Array.from({ length: 200 }, (_, i) => draw(`${i}`));
  const writes = moments.filter((m) => m.write !== null);
  assert.ok(writes.length > 60 && writes.length < 140);
  assert.ok(writes.every((m) => m.write! >= 1 && m.write! <= 9));
  assert.ok(moments.every((m) => m.afterMs === null || (m.afterMs >= 0 && m.afterMs <= 100)));
});

test('killed at random moments: nothing is lost, and going on gives what an undisturbed run gives', async (t) => {
  const folder = tempFolder(t);
  const failures: object[] = [];
  const kills = { init: 1, import: 2, train: 1, generate: 2, review: 2, export: 2 };
  const report = (line: object): void => {
    if ((line as { failures?: string[] }).failures?.length) failures.push(line);
  };
  const result: CampaignResult = await runCampaign({ folder, kills, seed: 1, scenes: 1, report });
  assert.deepEqual(failures, []);
  assert.deepEqual(result.perPhase, kills);

  await t.test('recreate measures how a picture differs from the stored one', async () => {
    const trial = join(folder, 'after-generate-paste', WORKSPACE);
    const { db, blobs, close } = openWorkspaceForReading(trial);
    const [first, second] = listGenerations(db);
    close();
    const recreate = async () =>
      (await flawsmith(['recreate', first.id, '--workspace', trial], folder)).events.at(-1);
    const store = connectWritable(join(trial, 'flawsmith.db'), true);
    store.run('UPDATE generations SET image_blob = ? WHERE id = ?', second.imageBlob, first.id);
    store.close();
    const result = (await recreate()) as unknown as Recreated;
    assert.equal(result.equal, false);
    assert.equal(result.image.sha256, first.imageBlob, 'the bytes of then');
    assert.ok(result.image.maxDifference! > 0 && result.image.differingPixels! > 0);
    assert.deepEqual([result.mask.equal, result.restored], [true, []]);
    rmSync(blobs.path(second.imageBlob));
    const blind = (await recreate()) as unknown as Recreated;
    assert.deepEqual([blind.equal, blind.image.maxDifference, blind.restored], [false, null, []]);
  });
});

interface Recreated {
  equal: boolean;
  image: { sha256: string; maxDifference: number | null; differingPixels: number | null };
  mask: { equal: boolean };
  restored: string[];
}
