// The desktop app as it is shipped: its files, its native libraries, and its engine running with nothing beside it.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../../scripts/package/build-app.ts';
import { checkStage } from '../../scripts/package/check-stage.ts';
import { nativeFormat } from '../../scripts/package/native-format.ts';
import { type Stage, stage } from '../../scripts/package/stage.ts';
import { chooseTargets, ownTarget, TARGETS, type Target } from '../../scripts/package/targets.ts';
import { tryEngine } from '../../scripts/package/try-engine.ts';
import { resultOf } from '../engine/support/connected.ts';
import { writePlate } from '../engine/support/plate.ts';
import { tinyWindowPack } from '../engine/support/tiny-window-pack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const own = ownTarget();

describe('the shipped app', { skip: own === null ? 'the app is not made for this system' : false }, () => {
  const place = mkdtempSync(join(tmpdir(), 'flawsmith-package-'));
  const built = join(place, 'build');
  const stageFor = (target: Target): Stage =>
    stage({ root: ROOT, built, target, into: join(place, target.name), fetch: false });
  let staged: Stage;

  after(() => rmSync(place, { recursive: true, force: true }));
  before(() => {
    buildApp(ROOT, built);
    staged = stageFor(own!);
  });

  test('holds what it needs for this system and nothing else', () => {
    const { files, natives, problems, bytes } = checkStage(staged);
    assert.deepEqual(problems, []);
    assert.ok(natives.length >= 4);
    assert.equal(
      bytes,
      files.reduce((sum, file) => sum + file.bytes, 0),
    );
    const manifest = JSON.parse(readFileSync(join(staged.folder, 'package.json'), 'utf8'));
    const development = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).devDependencies;
    for (const name of Object.keys(development)) assert.ok(!(name in manifest.dependencies), name);
    const notices = readFileSync(join(staged.folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['react', 'zod', 'sharp', 'onnxruntime-node', '@img/sharp-libvips'])
      assert.match(notices, new RegExp(`^${name}\\S* \\d`, 'm'));
  });

  test('runs its engine with nothing of the repository beside it', async () => {
    const source = await writePlate(join(place, 'source'));
    const trial = await tryEngine(staged.folder, {
      pack: tinyWindowPack(join(place, 'pack')),
      prepare: async (client) => {
        await client.workspace.init({});
        await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
      },
    });
    assert.deepEqual(trial, { pictures: 6, generated: 2, healthy: true });
  });

  test('brings the libraries of the target and of no other system', () => {
    for (const target of TARGETS.filter(({ name }) => name !== own!.name)) {
      const foreign = stageFor(target);
      const { natives, problems } = checkStage(foreign);
      const other = problems.filter(
        (problem) => !/could not be fetched|@img\/sharp- has no binding/.test(problem),
      );
      assert.deepEqual(other, [], target.name);
      assert.ok(natives.some((path) => path.includes('onnxruntime')));
      for (const path of natives) assert.equal(nativeFormat(join(foreign.folder, path)), target.name);
      rmSync(foreign.folder, { recursive: true });
    }
  });

  test('is refused with a file missing, a file too many, and a library of another system', () => {
    const spoilt = stageFor(own!);
    const at = (path: string): string => join(spoilt.folder, path);
    rmSync(at('out/engine/lane-worker.js'));
    mkdirSync(at('node_modules/typescript'));
    writeFileSync(at('node_modules/typescript/index.d.ts'), '');
    writeFileSync(at('extra.bin'), 'x');
    const binding = checkStage(staged).natives.find((path) => path.includes('better-sqlite3'))!;
    const foreign = own!.os === 'win32' ? 'linux-x64' : 'win32-x64';
    writeFileSync(
      at(binding),
      readFileSync(join(ROOT, `node_modules/better-sqlite3/prebuilds/${foreign}.node`)),
    );
    writeFileSync(at('out/main/index.js'), 'import sharp from "sharp";');
    const { problems } = checkStage(spoilt);
    assert.deepEqual(
      [...problems].sort(),
      [
        'extra.bin does not belong here',
        `${binding} is ${foreign}, not ${own!.name}`,
        'node_modules/typescript/index.d.ts does not belong here',
        'out/engine/lane-worker.js is missing',
        'out/main/index.js imports sharp',
      ].sort(),
    );
  });
});

test('targets are chosen by name, all, or the usual ones', () => {
  assert.deepEqual(
    chooseTargets([]).map(({ name }) => name),
    ['win32-x64', 'linux-x64', 'darwin-arm64'],
  );
  assert.equal(chooseTargets(['all']).length, TARGETS.length);
  assert.throws(() => chooseTargets(['beos']), /no target/);
});
