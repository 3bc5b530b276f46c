// A disk that fills up, or is write-protected, under every kind of work: said so, nothing half-written, and it goes on.

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { findAuditProblem } from '../../../src/engine/store/audit.ts';
import { listGenerations } from '../../../src/engine/store/generations.ts';
import { listProducts } from '../../../src/engine/store/products.ts';
import { listRuns } from '../../../src/engine/store/runs.ts';
import { latestTokenSet } from '../../../src/engine/store/token-sets.ts';
import { openWorkspaceForReading, type ReadableWorkspace } from '../../../src/engine/workspace.ts';
import { connect, resultOf } from '../support/connected.ts';
import { type Hooks, writeSource } from '../support/fake-services.ts';
import { smallDisk, writeProtect } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SIZE = 4 << 20;
const IMPORT = { layout: 'auto', dryRun: false, skipBad: false } as const;
const TRAIN = { method: 'seas', preset: 'quick', shotSeed: 0, seed: 7 } as const;
const GENERATE = { generator: 'windows', type: 'crack', count: 6, seed: 5, shotSeed: 0 } as const;
const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

type Client = ReturnType<typeof connect>['client'];

/** A file that takes all the room there is; gone again with `free`. */
function filler(disk: string) {
  const file = join(disk, 'filler');
  return {
    fill(): void {
      writeFileSync(file, '');
      for (const size of [1 << 18, 1 << 12, 1]) {
        try {
          for (;;) appendFileSync(file, Buffer.alloc(size));
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'ENOSPC');
        }
      }
    },
    free: () => rmSync(file, { force: true }),
  };
}

async function setup(t: TestContext, disk: string) {
  const folder = join(disk, 'parts');
  const source = join(tempFolder(t), 'part');
  await writeSource(source, { good: 3, crack: 4 });
  const use = async <T>(work: (client: Client) => Promise<T>, hooks: Hooks = {}): Promise<T> => {
    const { client, close } = connect(t, folder, hooks);
    try {
      return await work(client);
    } finally {
      await close();
    }
  };
  const read = <T>(work: (workspace: ReadableWorkspace) => T): T => {
    const workspace = openWorkspaceForReading(folder);
    try {
      return work(workspace);
    } finally {
      workspace.close();
    }
  };
  /** Nothing is damaged, no temporary file is left. */
  const assertSound = async (): Promise<void> => {
    assert.equal(
      read(({ db }) => findAuditProblem(db)),
      null,
    );
    await use((client) => resultOf(client.workspace.doctor({ repair: true })));
    const left = readdirSync(folder, { recursive: true }).map(String);
    assert.deepEqual(
      left.filter((name) => /tmp-|partial|\.lock/.test(name)),
      [],
    );
  };
  await use((client) => client.workspace.init({}));
  return { folder, source, use, read, assertSound };
}

/** What an undisturbed workspace on a large disk comes to. */
async function undisturbed(t: TestContext) {
  const { source, use, read } = await setup(t, tempFolder(t));
  await use((client) => resultOf(client.datasets.import({ source, ...IMPORT })));
  await use((client) => resultOf(client.training.train(TRAIN)));
  await use((client) => resultOf(client.generation.generate(GENERATE)));
  return read(results);
}

function results({ db }: ReadableWorkspace) {
  return {
    learned: latestTokenSet(db, listProducts(db)[0].id)?.files,
    pictures: listGenerations(db).map(({ index, imageBlob, maskBlob }) => ({ index, imageBlob, maskBlob })),
  };
}

test('a disk that is full from the start: each command says so; with room again all goes on to the same end', async (t) => {
  const disk = smallDisk(t, SIZE);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  const { source, use, read, assertSound } = await setup(t, disk);
  const { fill, free } = filler(disk);
  const steps: ((client: Client) => Promise<unknown>)[] = [
    (client) => resultOf(client.datasets.import({ source, ...IMPORT })),
    (client) => resultOf(client.training.train(TRAIN)),
    (client) => resultOf(client.generation.generate(GENERATE)),
    (client) => client.review.decide({ decision: 'accept', select: { where: 'all', redecide: false } }),
    (client) => resultOf(client.exports.export({ format: 'mvtec', out: join(disk, 'set'), parts: 'both' })),
    (client) => resultOf(client.workspace.backup({ out: join(disk, 'copy') })),
  ];
  for (const step of steps) {
    fill();
    await assert.rejects(use(step), hasCode('no-space'));
    await use((client) => client.workspace.info({}));
    free();
    await assertSound();
    await use(step);
  }
  assert.deepEqual(read(results), await undisturbed(t));
  assert.deepEqual(readdirSync(disk).sort(), ['copy', 'parts', 'set']);
});

test('a disk that fills up in the middle of a run: it is stored as it stood and resumes to the same end', async (t) => {
  const disk = smallDisk(t, SIZE);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  const { source, use, read, assertSound } = await setup(t, disk);
  const { fill, free } = filler(disk);
  const beforeStep = (step: number): void => (step === 4 ? fill() : undefined);
  await use((client) => resultOf(client.datasets.import({ source, ...IMPORT })));
  await assert.rejects(
    use((client) => resultOf(client.training.train(TRAIN)), { beforeStep }),
    hasCode('no-space'),
  );
  free();
  await assertSound();
  const run = () => read(({ db }) => listRuns(db).at(-1)!);
  await use((client) => resultOf(client.training.train({ resume: run().id })));
  await assert.rejects(
    use((client) => resultOf(client.generation.generate(GENERATE)), { beforeStep }),
    hasCode('no-space'),
  );
  free();
  await assertSound();
  assert.deepEqual(
    read(results).pictures.map((p) => p.index),
    [0, 1, 2, 3],
    'what was reported is there',
  );
  await use((client) => resultOf(client.generation.generate({ resume: run().id })));
  assert.deepEqual(read(results), await undisturbed(t));
});

test('a write-protected workspace can be looked at; every command that writes says why it cannot', async (t) => {
  const disk = smallDisk(t, SIZE);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  const { source, use } = await setup(t, disk);
  await use((client) => resultOf(client.datasets.import({ source, ...IMPORT })));
  await use((client) => resultOf(client.training.train(TRAIN)));
  const { runId } = await use((client) => resultOf(client.generation.generate(GENERATE)));
  writeProtect(disk);
  const out = join(tempFolder(t), 'out');
  mkdirSync(out);
  const refused: ((client: Client) => Promise<unknown>)[] = [
    (client) => resultOf(client.datasets.import({ source, ...IMPORT })),
    (client) => resultOf(client.training.train(TRAIN)),
    (client) => resultOf(client.generation.generate({ ...GENERATE, seed: 6 })),
    (client) => resultOf(client.workspace.doctor({ repair: true })),
  ];
  for (const work of refused) await assert.rejects(use(work), hasCode('read-only'));
  await use((client) => client.workspace.info({}));
  await use((client) => client.audit.verify({}));
  const { pictures } = await use((client) => client.review.list({ run: runId }));
  const again = await use((client) => resultOf(client.generation.recreate({ id: pictures[1].id })));
  assert.equal(again.equal, true);
  const copy = await use((client) => resultOf(client.workspace.backup({ out: join(out, 'copy') })));
  assert.ok(copy.files > 10 && statSync(join(out, 'copy', 'backup.json')).size > 0);
});
