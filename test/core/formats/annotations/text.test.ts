// The text and JSON of annotation files: encodings, bounds, hostile names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { field, parseAnnotationJson, printable } from '../../../../src/core/formats/annotations/json.ts';
import { pictureName, resolveInside } from '../../../../src/core/formats/annotations/picture-name.ts';
import { decodeText } from '../../../../src/core/formats/annotations/text.ts';
import { safeTypeName } from '../../../../src/core/formats/annotations/type-name.ts';

test('UTF-8, marks, UTF-16 and Windows-1252', () => {
  const bytes = (...b: number[]): Uint8Array => Uint8Array.from(b);
  assert.deepEqual(decodeText(bytes(0xc3, 0xbc)), { text: 'ü', note: null });
  assert.equal(decodeText(bytes(0xef, 0xbb, 0xbf, 0x7b)).text, '{');
  assert.equal(decodeText(bytes(0xff, 0xfe, 0x7b, 0)).text, '{');
  assert.equal(decodeText(bytes(0xfe, 0xff, 0, 0x7b)).text, '{');
  const old = decodeText(bytes(0xfc));
  assert.equal(old.text, 'ü');
  assert.match(old.note ?? '', /Windows-1252/);
});

test('JSON is bounded before it is parsed', () => {
  for (const text of ['[NaN]', '{"a":', '', '['.repeat(20_000), `${'['.repeat(65)}${']'.repeat(65)}`]) {
    assert.throws(() => parseAnnotationJson(text), { code: 'bad-dataset' }, text.slice(0, 20));
  }
  assert.throws(() => parseAnnotationJson(`[${'[],'.repeat(4_000_001)}[]]`), /more entries/);
  assert.deepEqual(parseAnnotationJson('["[[[[\\"]]", 1]'), ['[[[["]]', 1]);
  assert.equal(field({}, 'constructor'), undefined);
  assert.equal(printable('a\u202eb\n'), 'a\ufffdb\ufffd');
});

test('names of types are safe to store and to show', () => {
  const cases: [string, string][] = [
    ['scratch', 'scratch'],
    ['a\u0000b', 'ab'],
    ['\u0000', 'defect'],
    ['', 'defect'],
    ['..', 'defect'],
    ['../../x', '.._.._x'],
    ['C:\\x', 'C:_x'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['__proto__', '__proto__'],
    ['u\u0308ber  Kratzer\n', 'über Kratzer'],
    ['\ud800x', 'x'],
    ['缺陷 🔧', '缺陷 🔧'],
  ];
  for (const [name, safe] of cases) assert.equal(safeTypeName(name), safe, JSON.stringify(name));
  assert.equal([...safeTypeName('🔧'.repeat(500))].length, 100);
});

test('names of pictures stay inside the folder', () => {
  assert.deepEqual(pictureName('./images\\a.png'), { name: 'images/a.png' });
  assert.ok('problem' in pictureName('x'.repeat(2000)));
  assert.equal(resolveInside('labels/train', '../../images/a.png'), 'images/a.png');
  assert.equal(resolveInside('labels', '../../a.png'), null);
  assert.equal(resolveInside('', 'a//./b/../c.png'), 'a/c.png');
});
