// npm run parity -- DIR [AREA...]: checks this project against the reference numbers in DIR; exits 1 when any is off or
// missing. Areas: ops, metrics, forward, ...; all without one.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AREAS } from './areas/index.ts';
import { line } from './check.ts';
import { runParity } from './run.ts';

const [dir, ...only] = process.argv.slice(2);
const unknown = only.filter((name) => !AREAS.some((area) => area.AREA === name));
if (dir === undefined || !existsSync(join(dir, 'manifest.json')) || unknown.length > 0) {
  console.error('usage: npm run parity -- DIR [AREA...]   (a folder of fixtures with a manifest.json)');
  console.error(`areas: ${[...new Set(AREAS.map((area) => area.AREA))].join(', ')}`);
  process.exit(2);
}

const tallies = await runParity(resolve(dir), (result) => console.log(line(result)), only);
let failed = 0;
for (const [area, tally] of tallies) {
  failed += tally.failed;
  console.log(`${area} ${tally.run}/${tally.total}${tally.failed > 0 ? `, ${tally.failed} FAIL` : ''}`);
}
process.exitCode = failed > 0 ? 1 : 0;
