// flawsmith packs and weights: which words and options go together, on the real services and tiny models.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCli } from '../../../src/hosts/cli/run-cli.ts';
import { writeTinyLdm, writeTinySd } from '../../engine/packs/tiny-sd.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { parseLines } from './cli-process.ts';

function terminal(t: TestContext) {
  const root = tempFolder(t);
  const run = async (...args: string[]) => {
    let stdout = '';
    const code = await runCli([...args, '--workspace', join(root, 'parts'), '--json'], {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => {} },
      listen: () => ({ signal: new AbortController().signal, dispose() {} }),
    });
    return { code, last: parseLines(stdout).at(-1) as Record<string, unknown> };
  };
  return { root, run };
}

test('a model is added, listed, inspected, sampled and forgotten', async (t) => {
  const { root, run } = terminal(t);
  const model = writeTinySd(join(root, 'model'));
  assert.equal((await run('init')).code, 0);
  const added = await run('packs', 'add', model, '--name', 'tiny');
  assert.equal(added.code, 0, JSON.stringify(added.last));
  const { packs } = (await run('packs')).last as { packs: { name: string; what?: string }[] };
  assert.deepEqual(
    packs.slice(1).map(({ name, what }) => [name, what]),
    [['tiny', 'Stable Diffusion 1.x text-to-image']],
  );
  const told = (await run('packs', 'inspect', 'tiny')).last as { details: { widths: number[] } };
  assert.deepEqual(told.details.widths, [8, 16]);
  assert.deepEqual((await run('packs', 'tiny')).last, (await run('packs', 'inspect', 'tiny')).last);

  const out = join(root, 'new', 'picture.png');
  const sampling = [
    'packs',
    'sample',
    'tiny',
    '--prompt',
    'a defect',
    '--num-inference-steps',
    '2',
    '--out',
    out,
  ];
  const made = await run(...sampling, '--sampler', 'euler-a', '--seed', '3');
  assert.deepEqual(
    [made.code, made.last.width, made.last.scheduler],
    [0, 8, 'EulerAncestralDiscreteScheduler'],
  );
  assert.deepEqual([...readFileSync(out).subarray(1, 4)], [...Buffer.from('PNG')]);
  const again = await run(...sampling);
  assert.deepEqual([again.code, again.last.code, again.last.file], [2, 'usage', out]);

  const train = await run('train', '--pack', 'tiny');
  assert.equal(train.code, 3, 'no product yet');
  assert.equal((await run('packs', 'remove', 'tiny')).code, 0);
  assert.deepEqual([(await run('packs', 'remove', 'tiny')).code, existsSync(model)], [3, true]);
});

test('a single file takes what it lacks from a folder', async (t) => {
  const { root, run } = terminal(t);
  const file = writeTinyLdm(join(root, 'model.safetensors'));
  const folder = writeTinySd(join(root, 'folder'));
  const out = join(root, 'a.png');
  const sampling = ['packs', 'sample', file, '--prompt', 'a', '--num-inference-steps', '1', '--out', out];
  assert.equal((await run(...sampling)).code, 8);
  assert.equal((await run(...sampling, '--with', folder)).code, 0);
});

test('words and options that do not go together are refused', async (t) => {
  const { root, run } = terminal(t);
  const lines: [string[], RegExp][] = [
    [['packs', 'list', 'x'], /unexpected "x"/],
    [['packs', 'add'], /needs a PATH/],
    [['packs', 'what', 'x'], /"packs what" is not known/],
    [['packs', 'list', '--prompt', 'a'], /--prompt does not go with packs list/],
    [['packs', 'sample', 'x', '--prompt', 'a'], /--out is missing/],
    [['packs', 'sample', 'x', '--out', join(root, 'a.png')], /--prompt is missing/],
    [['packs', 'sample', 'x', '--prompt', 'a', '--out', 'b', '--lora', 'f=much'], /the weight "much"/],
    [['weights', 'import', 'x'], /write: weights export/],
    [['weights', 'export', 'x'], /TOKENSET must be an id/],
    [['weights', 'export', '01J9ZQ4M7N8P6R5S3T2V1W0XYZ', '--out', 'x'], /--as is missing/],
    [
      ['weights', 'export', '01J9ZQ4M7N8P6R5S3T2V1W0XYZ', '--as', 'unet', '--out', 'x', '--rank', '3'],
      /lora only/,
    ],
  ];
  for (const [args, message] of lines) {
    const { code, last } = await run(...args);
    assert.deepEqual([code, last.code], [2, 'usage'], args.join(' '));
    assert.match(last.message as string, message);
  }
  await run('init');
  const none = await run(
    'weights',
    'export',
    '01J9ZQ4M7N8P6R5S3T2V1W0XYZ',
    '--as',
    'lora',
    '--out',
    join(root, 'x'),
  );
  assert.deepEqual([none.code, none.last.code], [3, 'not-found']);
});
