// Comma-separated values: quotes, line ends, and nothing lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/formats/csv.ts';

test('cells, quotes, line ends', () => {
  assert.deepEqual(parseCsv('a,b,c\r\n1,,3\n'), [
    ['a', 'b', 'c'],
    ['1', '', '3'],
  ]);
  assert.deepEqual(parseCsv('"x, ""y""\nz",2,\n\n=1+1,3,4'), [
    ['x, "y"\nz', '2', ''],
    ['=1+1', '3', '4'],
  ]);
  assert.deepEqual(parseCsv(''), []);
  assert.deepEqual(parseCsv('"open'), [['open']]);
  assert.deepEqual(parseCsv('"",""'), [['', '']]);
});
