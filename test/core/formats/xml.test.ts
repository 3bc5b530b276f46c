// The XML reader: what it reads, and what it refuses before anything can grow.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readXml } from '../../../src/core/formats/xml.ts';

/** Elements as path, attributes and own text. */
function read(text: string): string[] {
  const seen: string[] = [];
  readXml(text, {
    open: (_name, attributes, path) =>
      seen.push(`${path.join('/')} ${[...attributes].map(([k, v]) => `${k}=${v}`).join(' ')}`.trim()),
    close: (_name, value, path) => seen.push(`/${path.join('/')} ${value.trim()}`.trim()),
  });
  return seen;
}

test('elements, attributes, entities, CDATA, remarks', () => {
  const text = `<?xml version="1.0"?>\n<!-- <no> -->
    <a b="1 &amp; 2" c='&#x41;&#66;'>x<d/> &lt;y&gt;<![CDATA[<z>&amp;]]></a>\n`;
  assert.deepEqual(read(text), ['a b=1 & 2 c=AB', 'a/d', '/a/d', '/a x <y><z>&amp;']);
});

test('entities and document types are refused, nothing is expanded', () => {
  const refused = [
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    '<!DOCTYPE a><a/>',
    '<a>&x;</a>',
    '<a>&#99999999;</a>',
    '<a b="&quot"/>',
  ];
  for (const text of refused) assert.throws(() => read(text), { code: 'bad-dataset' }, text);
});

test('damage is refused with its place', () => {
  const damaged: [string, RegExp][] = [
    ['<a><b></a>', /never opened/],
    ['<a>', /cut off/],
    ['<a b=1/>', /without quotes/],
    ['<a b="1" b="2"/>', /twice/],
    ['<a b="1', /cut off/],
    ['<a/><b/>', /more than one/],
    ['words', /text outside/],
    ['', /no element/],
    ['<a b="<"/>', /inside a value/],
    ['<'.repeat(5), /without a name/],
    ['<a>'.repeat(40), /deep/],
  ];
  for (const [text, message] of damaged)
    assert.throws(() => read(text), { code: 'bad-dataset', message }, text);
});
