// npm run crash [-- --kills 200] [--phase NAME] [--seed 0] [--log FILE] [--keep]: kill -9 at random moments.
//
// One line of JSON per kill: phase, the moment, the step it had reached, the writes that were open, what the next
// opening put right, how it went on, and what failed (nothing should). Ends with 1 where something did.

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { PHASES, type Phase, WORK } from './scene.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    phase: { type: 'string' },
    seed: { type: 'string', default: '0' },
    log: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const phases = PHASES.filter((phase) => values.phase === undefined || phase === values.phase);
if (phases.length === 0) throw new Error(`--phase is one of ${PHASES.join(', ')}`);
const total = Number(values.kills);
/** Kills of each other phase, on top. */
const EXTRA = 10;
const share = (phase: Phase): number => {
  if (phases.length === 1) return total;
  const i = WORK.indexOf(phase);
  return i < 0 ? EXTRA : Math.floor(((i + 1) * total) / WORK.length) - Math.floor((i * total) / WORK.length);
};

const folder = mkdtempSync(join(tmpdir(), 'flawsmith-crash-'));
const report = (line: object): void => {
  const text = JSON.stringify(line);
  console.log(text);
  if (values.log !== undefined) appendFileSync(values.log, `${text}\n`);
};
try {
  const kills = Object.fromEntries(phases.map((phase) => [phase, share(phase)]));
  const result = await runCampaign({ folder, kills, seed: Number(values.seed), report });
  report({ event: 'result', seed: Number(values.seed), ...result });
  process.exitCode = result.failed === 0 ? 0 : 1;
} finally {
  if (values.keep) console.error(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
