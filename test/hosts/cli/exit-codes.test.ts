// The table of exit codes in docs/cli.md is the table in the code.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERROR_CODES } from '../../../src/core/base/errors.ts';
import { COMMANDS } from '../../../src/hosts/cli/commands/index.ts';
import { EXIT_CODES, EXIT_OK } from '../../../src/hosts/cli/exit-codes.ts';

const docs = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

test('every error code has its own exit code', () => {
  assert.deepEqual(Object.keys(EXIT_CODES).sort(), [...ERROR_CODES].sort());
  const numbers = Object.values(EXIT_CODES);
  assert.equal(new Set([EXIT_OK, ...numbers]).size, numbers.length + 1);
});

test('docs/cli.md lists exactly these', () => {
  const rows = [...docs.matchAll(/^\| (\d+) \| `([\w-]+)` \|/gm)].map(([, exit, code]) => [
    code,
    Number(exit),
  ]);
  assert.deepEqual(Object.fromEntries(rows), { ok: EXIT_OK, ...EXIT_CODES });
});

test('docs/cli.md has a section per command that names all its options', () => {
  for (const command of COMMANDS) {
    const section = new RegExp(`^### ${command.name}\\n([\\s\\S]*?)(?=^##|\\s*$(?![\\s\\S]))`, 'm').exec(
      docs,
    )?.[1];
    assert.ok(section !== undefined, command.name);
    for (const option of Object.keys(command.options))
      assert.ok(section.includes(`--${option}`), `${command.name} --${option}`);
  }
});
