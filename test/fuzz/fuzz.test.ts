// A short fuzz of every parser, and proof that the fuzzer notices what it is there for. The long one: npm run fuzz.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './run.ts';

test('some hundred malformed inputs: no crash, no hang, no stray write, and most are looked into', async (t) => {
  const tallies = await fuzz({ seed: 7, count: 300, secondsPerInput: 30, waitSeconds: 600 });
  for (const { name, inputs, passed, failures } of tallies) {
    await t.test(`${name}: ${passed} of ${inputs} past the first stage`, () => {
      assert.deepEqual(failures, []);
      assert.ok(passed >= 0.3 * inputs);
    });
  }
});

test('the fuzzer tells every kind of failure, and goes on after it', async () => {
  const targets = new URL('faulty-targets.ts', import.meta.url);
  const tallies = await fuzz({ seed: 1, count: 30, targets, waitSeconds: 20, megabytes: 400 });
  const kinds = tallies.map(({ name, failures }) => [name, failures.map(({ kind }) => kind).join()]);
  assert.deepEqual(kinds, [
    ['refuses', ''],
    ['throws', 'error'],
    ['internal', 'error'],
    ['rejects unheard', 'error'],
    ['hangs', 'hang'],
    ['dies', 'crash'],
    ['grows', 'memory'],
    ['writes beside', 'error'],
    ['writes far away', 'error'],
    ['pollutes', 'error'],
  ]);
  for (const { name, inputs, accepted, refused, failures } of tallies) {
    assert.equal(inputs, 3, name);
    const counted = accepted + Object.values(refused).reduce((sum, n) => sum + n, 0) + failures.length;
    assert.equal(counted, 3, name);
    assert.ok(
      failures.every(({ index }) => index === 1),
      name,
    );
  }
  const note = (name: string): string => tallies.find((t) => t.name === name)?.failures[0].note ?? '';
  assert.match(note('writes beside'), /outside of its folder: fuzz\.png/);
  assert.match(note('writes far away'), /ERR_ACCESS_DENIED|restricted/);
});
