// npm run parity -- DIR: checks this project against the reference numbers in DIR; exits 1 when any is off or missing.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { line } from './check.ts';
import { runParity } from './run.ts';

const dir = process.argv[2];
if (dir === undefined || !existsSync(join(dir, 'manifest.json'))) {
  console.error('usage: npm run parity -- DIR   (a folder of fixtures with a manifest.json)');
  process.exit(2);
}

const tallies = await runParity(resolve(dir), (result) => console.log(line(result)));
let failed = 0;
for (const [area, tally] of tallies) {
  failed += tally.failed;
  console.log(`${area} ${tally.run}/${tally.total}${tally.failed > 0 ? `, ${tally.failed} FAIL` : ''}`);
}
process.exitCode = failed > 0 ? 1 : 0;
