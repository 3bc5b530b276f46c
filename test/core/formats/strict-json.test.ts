// Strict JSON: what JSON.parse accepts and we refuse, and the reverse never.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStrictJson } from '../../../src/core/formats/strict-json.ts';

test('values of every kind', () => {
  const value = parseStrictJson(' {"a":[1,-2.5e3,true,null,"x\\u00e9\\n"],"__proto__":{}} ') as Map<
    string,
    unknown
  >;
  assert.deepEqual(value.get('a'), [1, -2500, true, null, 'xé\n']);
  assert.deepEqual([...value.keys()], ['a', '__proto__']);
  assert.deepEqual(parseStrictJson('[]'), []);
});

test('refused, with the place', () => {
  const bad: [string, RegExp][] = [
    ['{"a":1,"a":2}', /key "a" occurs twice/],
    ['{"a":1,"\\u0061":2}', /key "a" occurs twice/],
    ['{"a":1} x', /text after the end at character 8/],
    ['{a:1}', /expected a string/],
    ['[1,]', /expected a value/],
    ['[01]', /expected '\]'/],
    ['"a', /expected a string/],
    ['"\u0001"', /expected a string/],
    ['NaN', /expected a value/],
    ['', /expected a value/],
    ['['.repeat(100) + ']'.repeat(100), /nested deeper than 32/],
  ];
  for (const [text, message] of bad) assert.throws(() => parseStrictJson(text), message, text);
});
