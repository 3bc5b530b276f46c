// Whole runs on the graphics card by the command line, with a tiny pack: one undisturbed, one whose card is taken
// away in the middle and that then goes on, and pictures.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { writePlate } from '../engine/support/plate.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { testGpu } from '../engine/support/test-gpu.ts';
import { tinyWindowPack } from '../engine/support/tiny-window-pack.ts';
import { cli, parseLines, startCli } from '../hosts/cli/cli-process.ts';

const found = await testGpu();
const skip =
  'skip' in found ? found.skip : process.platform !== 'linux' && 'the card is taken away through /proc';
if ('env' in found) Object.assign(process.env, found.env);

let root = '';
const workspace = () => join(root, 'parts');

function flawsmith(...args: string[]) {
  const run = cli([...args, '--workspace', workspace(), '--json']);
  const last = run.events.at(-1) as Record<string, unknown>;
  assert.equal(run.code, 0, `${args.join(' ')}: ${JSON.stringify(last)} ${run.stderr}`);
  return { result: last, events: run.events };
}

const trainArgs = () => [
  ...['train', '--preset', 'quick', '--steps', '4', '--shots', '1', '--device', 'gpu'],
  ...['--pack', join(root, 'pack')],
];

before(async (t) => {
  if (skip) return;
  root = tempFolder(t as never);
  tinyWindowPack(join(root, 'pack'));
  flawsmith('init');
  flawsmith('import', await writePlate(root, { good: 4, each: 3 }));
});

let undisturbed: Record<string, unknown> = {};

test('train --device gpu goes to its end and says what it runs on', { skip }, () => {
  const { result, events } = flawsmith(...trainArgs());
  undisturbed = result.summary as Record<string, unknown>;
  assert.ok((undisturbed.largestWeightChange as number) > 0);
  if ('env' in found && found.software)
    assert.ok(events.some((e) => e.event === 'log' && /software stand-in/.test(String(e.message))));
});

/** The process of a command that touches WebGPU. */
function gpuProcessOf(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const worker = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('webgpu-worker'),
  );
  assert.ok(worker, 'there is a GPU process');
  return Number(worker);
}

test('a card lost in the middle ends the run with a message, and the run goes on to the same result', {
  skip,
}, async () => {
  const child = startCli([...trainArgs(), '--workspace', workspace(), '--json']);
  let runId = '';
  let taken = false;
  let error: Record<string, unknown> = {};
  for await (const line of createInterface(child.stdout)) {
    const [event] = parseLines(line);
    if (event.event === 'run') runId = event.runId as string;
    if (event.event === 'error') error = event;
    if (event.event !== 'checkpoint' || (event.step as number) < 2 || taken) continue;
    taken = true;
    process.kill(gpuProcessOf(child.pid as number), 'SIGKILL');
  }
  if (child.exitCode === null) await once(child, 'close');
  assert.notEqual(child.exitCode, 0);
  assert.match(JSON.stringify(error), /graphics card stopped working.*--resume/);
  const { result } = flawsmith('train', '--resume', runId);
  const summary = result.summary as Record<string, unknown>;
  assert.deepEqual(summary.lossCurve, undisturbed.lossCurve);
  assert.equal(summary.largestWeightChange, undisturbed.largestWeightChange);
});

test('generate --device gpu makes pictures', { skip }, () => {
  const made = flawsmith('generate', '--type', 'dent', '--count', '1', '--device', 'gpu');
  assert.equal(made.result.total, 1);
});
