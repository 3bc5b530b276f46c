// A run's identity: equal for equal runs, different as soon as anything it depends on differs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../../../src/core/domain/json.ts';
import {
  identityDifference,
  type RunIdentity,
  runIdentityText,
} from '../../../src/core/domain/run-identity.ts';

const BASE: RunIdentity = {
  method: 'seas',
  params: { preset: 'quick', shots: 3 },
  seed: 0,
  datasetRevision: 'd',
  packHash: 'p',
  engineVersion: '1',
  loweringProfile: 'l',
  threads: 2,
  runtimeVersion: 'r',
};

test('canonical JSON sorts keys at every depth, drops undefined and writes -0 as 0', () => {
  assert.equal(
    canonicalJson({ b: [{ z: 1, a: -0 }], a: undefined, Ä: null, Z: 'x' }),
    '{"Z":"x","b":[{"a":0,"z":1}],"Ä":null}',
  );
});

test('canonical JSON refuses what JSON cannot hold', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1])
    assert.throws(() => canonicalJson({ value }));
});

test('the identity does not depend on the order of parameters', () => {
  const other = { ...BASE, params: { shots: 3, preset: 'quick' } };
  assert.equal(runIdentityText(BASE), runIdentityText(other));
  assert.equal(identityDifference(BASE, other), null);
});

test('every part changes the identity and is named', () => {
  const changes: Partial<RunIdentity>[] = [
    { method: 'x' },
    { params: {} },
    { seed: 1 },
    { datasetRevision: 'x' },
    { packHash: null },
    { engineVersion: 'x' },
    { loweringProfile: 'x' },
    { threads: 3 },
    { runtimeVersion: 'x' },
  ];
  const texts = new Set(changes.map((change) => runIdentityText({ ...BASE, ...change })));
  assert.equal(texts.size, changes.length);
  for (const change of changes) assert.notEqual(identityDifference(BASE, { ...BASE, ...change }), null);
});
