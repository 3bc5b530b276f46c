// Targets that do what must never happen: they show that the fuzzer notices.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../src/core/base/errors.ts';
import { type FuzzTarget, type Place, target } from './target.ts';

/** Misbehaves on the second of its inputs. */
function faulty(name: string, run: (place: Place) => void | Promise<void>): FuzzTarget {
  let inputs = 0;
  return target<number>({
    name,
    firstStage: 'always',
    weight: 1,
    make: () => inputs++,
    passes: () => true,
    run: (_input, place) => (inputs === 2 ? run(place) : undefined),
  });
}

/** Blocks the process without using the processor. */
const forever = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

export const TARGETS: readonly FuzzTarget[] = [
  faulty('refuses', () => {
    throw new AppError('bad-image', 'no picture');
  }),
  faulty('throws', () => {
    throw new TypeError('a bug');
  }),
  faulty('internal', () => {
    throw new AppError('internal', 'a bug that was given a code');
  }),
  faulty('rejects unheard', () => {
    void Promise.reject(new Error('nobody listens'));
  }),
  faulty('hangs', forever),
  faulty('dies', () => process.exit(3)),
  faulty('grows', () => {
    const kept: Uint8Array[] = [];
    for (;;) kept.push(new Uint8Array(1 << 26).fill(1));
  }),
  faulty('writes beside', ({ outside }) => writeFileSync(outside, 'x')),
  faulty('writes far away', ({ inside }) => writeFileSync(join(dirname(inside), '../../fuzz-far-away'), 'x')),
  faulty('pollutes', () => {
    Object.assign(Object.prototype, { polluted: true });
  }),
];
