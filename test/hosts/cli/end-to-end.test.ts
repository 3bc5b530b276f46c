// The whole way on the real engine: real pictures, real SQLite, real ONNX Runtime, the embedded pack, few updates.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { renderDemoPicture } from '../../../src/core/render/demo-product.ts';
import { encodeMaskPng, encodePng } from '../../../src/engine/imaging/index.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { cli, parseLines, startCli } from './cli-process.ts';

let root = '';
const workspace = () => join(root, 'parts');

async function put(file: string, bytes: Uint8Array | Promise<Uint8Array>): Promise<void> {
  const path = join(root, 'ring', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await bytes);
}

/** Six good rings and two of them scratched more; enough for two shots and two held out. */
async function writeProduct(): Promise<void> {
  for (let i = 0; i < 6; i++)
    await put(`train/good/${i}.png`, encodePng(renderDemoPicture(i, 'good').raster));
  for (let i = 0; i < 5; i++) {
    const { raster, mask } = renderDemoPicture(100 + i, 'stain');
    assert.ok(mask);
    await put(`test/stain/${i}.png`, encodePng(raster));
    await put(`ground_truth/stain/${i}_mask.png`, encodeMaskPng(mask));
  }
}

/** Runs a command with --json in the workspace; returns its result event. */
function flawsmith(...args: string[]): Record<string, unknown> {
  const run = cli([...args, '--workspace', workspace(), '--json']);
  const last = run.events.at(-1) as Record<string, unknown>;
  assert.equal(run.code, 0, `${args.join(' ')}: ${JSON.stringify(last)} ${run.stderr}`);
  assert.equal(last.event, 'result');
  return last;
}

const TRAIN = ['train', '--preset', 'quick', '--steps', '8', '--shots', '2'];

before(async (t) => {
  root = tempFolder(t as never);
  await writeProduct();
  flawsmith('init');
});

test('import: a dry run stores nothing, an import says what it found', () => {
  const dry = flawsmith('import', join(root, 'ring'), '--dry-run');
  assert.equal(dry.dryRun ?? true, true);
  const first = flawsmith('import', join(root, 'ring'));
  const again = flawsmith('import', join(root, 'ring'));
  assert.ok(JSON.stringify(first).includes('stain'));
  assert.notDeepEqual(first, again);
});

test('train: a killed run resumes to the same weights as an undisturbed one', async () => {
  const whole = flawsmith(...TRAIN);
  const summary = whole.summary as Record<string, number>;
  assert.ok(summary.largestWeightChange > 0, 'weights must differ from the pack');
  assert.ok(summary.heldOutLossAfter < summary.heldOutLossBefore, 'the held-out loss must fall');

  const child = startCli([...TRAIN, '--workspace', workspace(), '--json']);
  let runId = '';
  for await (const line of createInterface(child.stdout)) {
    const [event] = parseLines(line);
    if (event.event === 'run') runId = event.runId as string;
    if (event.event === 'checkpoint' && (event.step as number) >= 4) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  assert.equal(child.signalCode, 'SIGKILL');
  const resumed = flawsmith('train', '--resume', runId);
  assert.equal(
    (resumed.summary as Record<string, number>).heldOutLossAfter,
    summary.heldOutLossAfter,
    'bit for bit the same training',
  );
});

test('generate, review, export and verify', () => {
  for (const generator of ['windows', 'blend', 'paste', 'seas']) {
    const made = flawsmith('generate', '--generator', generator, '--type', 'stain', '--count', '3');
    assert.equal(made.total, 3);
  }
  assert.equal(flawsmith('generate', '--generator', 'normal', '--count', '2').total, 2);
  const list = flawsmith('review', '--list').pictures as { id: string; generator: string; checks: never }[];
  const drawn = list.filter((p) => ['windows', 'blend', 'paste'].includes(p.generator));
  assert.equal(drawn.length, 9);
  flawsmith('review', '--accept', drawn.map((p) => p.id).join(','));
  for (const format of ['mvtec', 'coco']) {
    const out = join(root, `set-${format}`);
    flawsmith('export', '--format', format, '--out', out);
    flawsmith('verify', out);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    assert.equal(manifest.version, 1);
    assert.equal(manifest.generated.length, 9);
    for (const picture of manifest.generated) assert.deepEqual(picture.outside, { changed: 0, grownBy: 4 });
    execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: out });
  }
});

test('a tampered export is refused, with the file', () => {
  const out = join(root, 'set-mvtec');
  const name = readdirSync(out, { recursive: true })
    .map(String)
    .find((n) => n.includes('syn_') && n.endsWith('.png'));
  assert.ok(name);
  const file = join(out, name);
  const bytes = readFileSync(file);
  bytes[bytes.length - 20] ^= 1;
  writeFileSync(file, bytes);
  const run = cli(['verify', out, '--workspace', workspace(), '--json']);
  assert.equal(run.code, 16);
  assert.ok(JSON.stringify(run.events).includes(name.split('/').at(-1) as string));
});

test('a generation that lost its last pictures makes the same ones again', () => {
  const a = flawsmith('generate', '--generator', 'windows', '--type', 'stain', '--count', '2', '--seed', '5');
  const b = flawsmith('generate', '--generator', 'windows', '--type', 'stain', '--count', '5', '--seed', '5');
  const list = flawsmith('review', '--list').pictures as { runId: string; index: number; checks: object }[];
  const checks = (run: unknown, index: number) =>
    list.find((p) => p.runId === run && p.index === index)?.checks;
  assert.ok(checks(a.runId, 1));
  assert.deepEqual(checks(a.runId, 1), checks(b.runId, 1));
});

test('doctor finds nothing wrong', () => {
  const report = flawsmith('doctor');
  assert.ok(!JSON.stringify(report).includes('"error"'), JSON.stringify(report));
  rmSync(join(root, 'ring'), { recursive: true });
});
