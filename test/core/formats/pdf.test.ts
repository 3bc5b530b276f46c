// The PDF writer: a file that readers can follow, text that cannot break it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jpegSize } from '../../../src/core/formats/jpeg-size.ts';
import { PdfPage, textWidth, wrapText, writePdf } from '../../../src/core/formats/pdf.ts';

/** SOI, a table, a frame header of 300 x 200, EOI. */
const JPEG = Uint8Array.from([
  0xff, 0xd8, 0xff, 0xc4, 0, 3, 0, 0xff, 0xc0, 0, 11, 8, 0, 200, 1, 44, 3, 0, 0, 0, 0xff, 0xd9,
]);

function sample(): string {
  const page = new PdfPage();
  page.text(50, 60, 'Gain (+8.1) \\ 5.2–10.9 Maß 漢');
  page.rect(10, 10, 20, 20, [1, 0, 0]);
  page.line(0, 0, 100, 100);
  page.image({ jpeg: JPEG, ...jpegSize(JPEG) }, 10, 100, 90, 60);
  return Buffer.from(writePdf([page, new PdfPage()], 'Title (1)')).toString('latin1');
}

test('every object lies where the table says', () => {
  const pdf = sample();
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)![1]);
  const table = pdf.slice(start).split('\n');
  assert.equal(table[0], 'xref');
  const count = Number(table[1].split(' ')[1]);
  for (let id = 1; id < count; id++) {
    const offset = Number(table[2 + id].slice(0, 10));
    assert.ok(pdf.startsWith(`${id} 0 obj\n`, offset), `object ${id} at ${offset}`);
  }
  assert.match(pdf, /\/Type \/Pages \/Kids \[6 0 R 9 0 R\] \/Count 2/);
  for (const [, length, stream] of pdf.matchAll(/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g))
    assert.equal(stream.length, Number(length));
});

test('text is escaped and stays within the font', () => {
  const pdf = sample();
  assert.ok(pdf.includes('(Gain \\(+8.1\\) \\\\ 5.2\\22610.9 Ma\\337 ?)'));
  assert.ok(pdf.includes('/Title (Title \\(1\\))'));
});

test('a picture keeps its bytes and its size', () => {
  const pdf = sample();
  assert.ok(pdf.includes('/Width 300 /Height 200'));
  assert.ok(pdf.includes(Buffer.from(JPEG).toString('latin1')));
  assert.throws(() => jpegSize(Uint8Array.from([0xff, 0xd8, 0xff, 0xd9])), { code: 'bad-image' });
});

test('lines are no wider than asked', () => {
  const text = 'The same at the threshold that was best on validation pictures, which are not test pictures.';
  const lines = wrapText(text, 120, 10);
  assert.ok(lines.length > 2);
  assert.ok(lines.every((line) => textWidth(line, 10) <= 120));
  assert.equal(lines.join(' '), text);
  assert.deepEqual(wrapText('Donaudampfschifffahrt', 10, 10), ['Donaudampfschifffahrt']);
});
