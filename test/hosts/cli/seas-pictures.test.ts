// The paper's own system from the command line: a Stable Diffusion model is added, fine-tuned, drawn with and saved.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../../../src/hosts/cli/run-cli.ts';
import { writePlate } from '../../engine/support/plate.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { SMALL_MASKS, writeTinyPictures } from '../../engine/support/tiny-sd-pictures.ts';
import { parseLines } from './cli-process.ts';

test('packs add, train --method seas, generate, weights export', async (t) => {
  const root = tempFolder(t);
  const run = async (...args: string[]) => {
    let stdout = '';
    const code = await runCli([...args, '--workspace', join(root, 'parts'), '--json'], {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => {} },
      listen: () => ({ signal: new AbortController().signal, dispose() {} }),
    });
    const last = parseLines(stdout).at(-1) as Record<string, unknown>;
    assert.equal(code, 0, JSON.stringify(last));
    return last;
  };
  await run('init');
  await run('import', await writePlate(root, { good: 2, each: 4 }));
  await run('packs', 'add', writeTinyPictures(join(root, 'model')), '--name', 'sd');
  const settings = { ...SMALL_MASKS, goodPictures: 2, heldOut: 0, maskSteps: 1 };
  const set = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const train = [
    'train',
    '--pack',
    'sd',
    '--preset',
    'quick',
    '--steps',
    '2',
    '--adapters',
    '2',
    '--shots',
    '1',
  ];
  const { runId, summary } = await run(...train, '--set', set.join(';'));
  const { base, maskSteps } = summary as Record<string, unknown>;
  assert.deepEqual([base, maskSteps], ['Stable Diffusion 1.x text-to-image, 64 px', 1]);
  const drawing = ['--count', '1', '--set', 'samplerSteps=3;guidance=2'];
  const seas = await run('generate', '--generator', 'seas', '--type', 'scratch', ...drawing);
  assert.deepEqual([seas.total, seas.type], [1, 'scratch']);
  const normal = await run('generate', '--generator', 'normal', ...drawing);
  assert.deepEqual([normal.total, normal.type], [1, null]);
  const out = join(root, 'saved');
  const saved = await run('weights', 'export', String(runId), '--as', 'unet', '--out', out);
  assert.equal((saved.details as { dialect: string }).dialect, 'diffusers');
  for (const name of ['model_index.json', 'tokenizer/added_tokens.json', 'vae/config.json'])
    assert.ok(existsSync(join(out, name)), name);
  // What was saved is a model like any other.
  const { details } = await run('packs', 'inspect', out);
  assert.equal((details as { task: string }).task, 'text-to-image');
});
