// prove on the command line: what it refuses before anything is trained, over the real contract and real files.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { runCli } from '../../../src/hosts/cli/run-cli.ts';
import { writePlate } from '../../engine/support/plate.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { parseLines } from './cli-process.ts';

async function run(...argv: string[]) {
  let stdout = '';
  const code = await runCli([...argv, '--json'], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
    listen: () => ({ signal: new AbortController().signal, dispose() {} }),
    services: defaultServices(),
  });
  return { code, last: parseLines(stdout).at(-1)! as unknown as { code: string; message: string } };
}

/** A product whose test set holds a copy of a training picture. */
async function leaking(t: TestContext): Promise<string> {
  const data = await writePlate(tempFolder(t), { good: 4, each: 4 });
  mkdirSync(join(data, 'test/good'), { recursive: true });
  copyFileSync(join(data, 'train/good/001.png'), join(data, 'test/good/again.png'));
  return data;
}

test('a leak is refused with the pair, and nothing is trained', async (t) => {
  const data = await leaking(t);
  const workspace = join(tempFolder(t), 'proof');
  const { code, last } = await run('prove', '--data', data, '--quick', '--workspace', workspace);
  assert.notEqual(code, 0);
  assert.equal(last.code, 'bad-dataset');
  assert.match(last.message, /train\/good\/001\.png \(training\) and test\/good\/again\.png \(test\)/);
  assert.equal(existsSync(join(workspace, 'proofs')), false);
});

test('parts across the split are refused with the pair', async (t) => {
  const data = await writePlate(tempFolder(t), { good: 5, each: 4 });
  mkdirSync(join(data, 'test/good'), { recursive: true });
  renameSync(join(data, 'train/good/004.png'), join(data, 'test/good/003_b.png'));
  const workspace = join(tempFolder(t), 'parts');
  const groupBy = 'good/(\\d+)';
  const { last } = await run('prove', '--data', data, '--group-by', groupBy, '--workspace', workspace);
  assert.equal(last.code, 'bad-dataset');
  assert.match(last.message, /train\/good\/003\.png .*test\/good\/003_b\.png .*same part \(003\)/);
});

test('a list tells what could not be proved, and ends with the error where nothing could', async (t) => {
  const data = await leaking(t);
  const list = join(tempFolder(t), 'sets.txt');
  writeFileSync(list, `# what we prove\n\n${data}\n`);
  const place = join(tempFolder(t), 'proofs');
  const { code, last } = await run('prove', '--all', list, '--shots', '1,3', '--quick', '--workspace', place);
  assert.notEqual(code, 0);
  assert.match(last.message, /the test set leaks/);
  assert.ok(existsSync(join(place, 'plate', 'flawsmith.db')));
});

test('wrong options are refused in words', async (t) => {
  const folder = tempFolder(t);
  const cases: [string[], RegExp][] = [
    [['--shots', '9'], /--shots must be a whole number from 1 to 8/],
    [['--arms', 'real+magic'], /cannot be "real\+magic"/],
    [['--quick', '--preset', 'best'], /--quick does not go with --preset/],
    [['--group-by', 'x'], /goes with --data only/],
    [['--all', join(folder, 'none.txt')], /the list cannot be read/],
    [['--all', 'x', '--data', 'y'], /--data does not go with --all/],
  ];
  for (const [options, expected] of cases) {
    const { code, last } = await run('prove', ...options, '--workspace', join(folder, 'ws'));
    assert.notEqual(code, 0);
    assert.match(last.message, expected);
  }
  const twice = join(folder, 'twice.txt');
  writeFileSync(twice, 'a/part\nb/part\n');
  assert.match((await run('prove', '--all', twice)).last.message, /two folders of the list are called part/);
});
