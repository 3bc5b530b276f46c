// The parity run as part of the tests, where the reference folder is beside the repository.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CheckResult, line } from './check.ts';
import { runParity } from './run.ts';

const dir = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));
const skip = existsSync(dir) ? false : '../shared/fixtures is not here: parity was not checked';

test('parity with the reference fixtures', { skip }, async (t) => {
  const failures: CheckResult[] = [];
  const tallies = await runParity(dir, (result) => {
    if (result.status !== 'ok') failures.push(result);
  });
  for (const [area, tally] of tallies) {
    await t.test(`${area} ${tally.run}/${tally.total}`, () => {
      const lines = failures.filter((result) => result.area === area).map(line);
      assert.equal(lines.length, 0, `${lines.length} checks failed:\n${lines.slice(0, 20).join('\n')}`);
    });
  }
});
