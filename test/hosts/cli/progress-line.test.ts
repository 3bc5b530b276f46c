// Progress: one rewritten line on a terminal, few plain lines elsewhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, ProgressLine } from '../../../src/hosts/cli/progress-line.ts';

const at = (done: number, etaSeconds: number | null = null) => ({
  phase: 'fine-tune',
  done,
  total: 100,
  etaSeconds,
  note: null,
});

test('a terminal gets one line that is rewritten, fits its width, and is cleared', () => {
  const written: string[] = [];
  const line = new ProgressLine({ isTTY: true, columns: 70, write: (text) => written.push(text) });
  line.show(at(50, 125));
  line.clear();
  line.clear();
  assert.deepEqual(written, [
    '\r\u001b[2Kfine-tune  [############------------] 50/100  2 min 05 s left',
    '\r\u001b[2K',
  ]);
  const narrow: string[] = [];
  new ProgressLine({ isTTY: true, columns: 20, write: (text) => narrow.push(text) }).show(at(50, 125));
  assert.ok(narrow[0].length - '\r\u001b[2K'.length < 20);
});

test('elsewhere there is at most a line every five seconds', () => {
  const written: string[] = [];
  let now = 0;
  const line = new ProgressLine({ write: (text) => written.push(text) }, () => now);
  for (let i = 0; i <= 100; i++) {
    line.show(at(i, 100 - i));
    now += 100;
  }
  assert.deepEqual(written, ['fine-tune: 50/100  50 s left\n', 'fine-tune: 100/100\n']);
});

test('durations read well', () => {
  assert.deepEqual([0, 59.6, 125, 3600, 7500].map(formatDuration), [
    '0 s',
    '1 min 00 s',
    '2 min 05 s',
    '1 h 00 min',
    '2 h 05 min',
  ]);
});
