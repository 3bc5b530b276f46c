// npm run bench:memory: peak memory of five graphs, predicted and measured, each in a process of its own; JSON lines,
// then the table for docs/results.md.
//
//   npm run bench:memory -- [--threads N] [--only NAME] [--pack DIR]
// The low-rank step of a full-size Stable Diffusion needs a folder of random weights (2.1 GB), made on first use.

import { mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { inFreshProcess } from './fresh.ts';
import { mib } from './process-memory.ts';
import { randomSdPack } from './random-sd-pack.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string' },
    pack: { type: 'string' },
  },
});
const LOW_RANK = 'sd-low-rank';
/** How far a prediction may be off. */
const TOLERANCE = 0.25;

interface Measured {
  readonly title: string;
  readonly predicted: number;
  readonly measured: number;
}

async function measure(name: string): Promise<Measured | null> {
  const prediction = await inFreshProcess('./case-child.ts', ['predict', name, values.threads]);
  const run = await inFreshProcess('./case-child.ts', ['run', name, values.threads]);
  if (!prediction || !run) return null;
  const { base, peak } = run as { base: number; peak: number };
  return { title: CASES[name].title, predicted: base + (prediction.bytes as number), measured: peak };
}

async function measureLowRank(): Promise<Measured | null> {
  const folder = join(tmpdir(), 'flawsmith-proof');
  mkdirSync(folder, { recursive: true });
  const pack = values.pack ?? join(folder, 'random-sd');
  if (values.pack === undefined) await randomSdPack(pack);
  const options = { threads: Number(values.threads), rank: 8, steps: 1, folder };
  const result = await inFreshProcess('./proof-child.ts', ['adapters', pack, JSON.stringify(options)]);
  const title = 'SeaS step of Stable Diffusion 1.x (860 M), adapters, 2 pictures of 64x64 latents';
  return (
    result && { title, predicted: result.predictedBytes as number, measured: result.peakBytes as number }
  );
}

const rows: string[] = [];
for (const name of values.only ? [values.only] : [...Object.keys(CASES), LOW_RANK]) {
  const found = name === LOW_RANK ? await measureLowRank() : await measure(name);
  const ratio = found ? found.predicted / found.measured : 0;
  if (!found || Math.abs(ratio - 1) > TOLERANCE) process.exitCode = 1;
  process.stdout.write(`${JSON.stringify({ name, ...found, ratio })}\n`);
  if (found)
    rows.push(`| ${found.title} | ${mib(found.predicted)} | ${mib(found.measured)} | ${ratio.toFixed(2)} |`);
}
process.stdout.write(`\n| graph | predicted | measured | ratio |\n|---|---|---|---|\n${rows.join('\n')}\n`);
