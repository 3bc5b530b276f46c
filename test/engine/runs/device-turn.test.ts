// The device's queue: one at a time, in order, and those who give up do not hold up the others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceTurn } from '../../../src/engine/runs/device-turn.ts';

const never = new AbortController().signal;

function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('work runs one after the other, in the order it came, also after a failure', async () => {
  const turn = new DeviceTurn();
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} in`);
    await Promise.resolve();
    log.push(`${name} out`);
    if (name === 'a') throw new Error('a failed');
    return name;
  };
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => turn.use(never, work(name))));
  assert.deepEqual(log, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  assert.deepEqual(
    all.map((result) => result.status),
    ['rejected', 'fulfilled', 'fulfilled'],
  );
});

test('who gives up while waiting is told at once and never starts; those behind still get their turn', async () => {
  const turn = new DeviceTurn();
  const first = gate();
  const controller = new AbortController();
  const started: string[] = [];
  const a = turn.use(never, () => first.opened);
  const b = turn.use(controller.signal, async () => void started.push('b'));
  const c = turn.use(never, async () => void started.push('c'));
  controller.abort(new Error('enough'));
  await assert.rejects(b, /enough/);
  first.open();
  await Promise.all([a, c]);
  assert.deepEqual(started, ['c']);
});

test('a signal that fires during the work is the work’s own business', async () => {
  const turn = new DeviceTurn();
  const controller = new AbortController();
  const inside = gate();
  const finish = gate();
  const work = turn.use(controller.signal, async () => {
    inside.open();
    await finish.opened;
    return 'stored';
  });
  await inside.opened;
  controller.abort();
  finish.open();
  assert.equal(await work, 'stored');
});
