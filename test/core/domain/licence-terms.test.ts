// Licences are read by name and by text; what is not known is never said to be allowed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLicence } from '../../../src/core/domain/licence-terms.ts';

test('licences are known by their names', () => {
  const kinds = {
    'creativeml-openrail-m': 'use-restricted',
    'openrail++': 'use-restricted',
    'bigscience-openrail-m': 'use-restricted',
    'cc-by-nc-4.0': 'non-commercial',
    'cc-by-nc-sa-4.0': 'non-commercial',
    'stabilityai-ai-community': 'revenue-limited',
    'Apache-2.0': 'permissive',
    mit: 'permissive',
    'gpl-3.0': 'share-alike',
    'not stated': 'unknown',
    other: 'unknown',
    '': 'unknown',
  };
  for (const [title, kind] of Object.entries(kinds)) assert.equal(readLicence(title, null).kind, kind, title);
});

test('a text is read where the first line says nothing', () => {
  const rail =
    'Section III: CONDITIONS\n ... subject to the Use-based restrictions as referenced in paragraph 5';
  assert.equal(readLicence('Copyright (c) 2022 somebody', rail).kind, 'use-restricted');
  assert.ok(readLicence('Copyright (c) 2022 somebody', rail).forbids.includes('no-discrimination'));
  assert.equal(
    readLicence('Model licence', 'for non-commercial research purposes only').kind,
    'research-only',
  );
  assert.deepEqual(readLicence('Model licence', 'Ask us.'), { kind: 'unknown', forbids: [], asks: [] });
});

test('what forbids more wins over what forbids less', () => {
  const both = 'Licensed under MIT for non-commercial use only';
  assert.deepEqual(readLicence(both, null).forbids, ['no-commercial-use']);
});
