// The engine's version, part of every run's identity, is the package's.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ENGINE_VERSION } from '../../src/engine/version.ts';

test('ENGINE_VERSION equals package.json', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(ENGINE_VERSION, manifest.version);
});
