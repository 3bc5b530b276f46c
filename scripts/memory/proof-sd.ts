// npm run proof:sd: a full-size Stable Diffusion U-Net (860 M parameters, random weights) trained for a step with
// adapters and whole, and one picture drawn, each in a process of its own; prints JSON lines with time and memory.
//
//   npm run proof:sd -- [--adapters] [--whole] [--sample] [--threads N] [--steps N] [--pack DIR]
// Without a part all three run. --pack takes a real Stable Diffusion 1.x folder instead of random weights.

import { mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inFreshProcess } from './fresh.ts';
import { gib } from './process-memory.ts';
import { randomSdPack } from './random-sd-pack.ts';

const { values } = parseArgs({
  options: {
    adapters: { type: 'boolean' },
    whole: { type: 'boolean' },
    sample: { type: 'boolean' },
    threads: { type: 'string', default: String(availableParallelism()) },
    steps: { type: 'string' },
    pack: { type: 'string' },
  },
});
/** What the issue allows each part, GiB. */
const LIMITS = { adapters: 10, whole: 22, sample: 10 } as const;
type Part = keyof typeof LIMITS;
const ALL = Object.keys(LIMITS) as Part[];
/** The second training step shows the loss after the first. */
const STEPS = { adapters: 2, whole: 2, sample: 8 } as const;

const folder = join(tmpdir(), 'flawsmith-proof');
mkdirSync(folder, { recursive: true });
const pack = values.pack ?? join(folder, 'random-sd');
if (values.pack === undefined) await randomSdPack(pack);
const chosen = ALL.filter((part) => values[part]);
let failed = false;
for (const part of chosen.length > 0 ? chosen : ALL) {
  const steps = Number(values.steps ?? STEPS[part]);
  const options = { threads: Number(values.threads), rank: 8, steps, folder };
  const result = await inFreshProcess('./proof-child.ts', [part, pack, JSON.stringify(options)]);
  const within = result !== null && (result.peakBytes as number) <= LIMITS[part] * 1024 ** 3;
  failed ||= !within;
  const peak = result === null ? null : gib(result.peakBytes as number);
  process.stdout.write(
    `${JSON.stringify({ ...result, part, peak, limit: `${LIMITS[part]} GiB`, within })}\n`,
  );
}
process.exitCode = failed ? 1 : 0;
