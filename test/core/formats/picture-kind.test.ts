// Recognising pictures by content, and the outline of a PNG.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extensionDisagrees, pictureKind } from '../../../src/core/formats/picture-kind.ts';
import { pngOutline } from '../../../src/core/formats/png-chunks.ts';

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

test('formats by signature', () => {
  const cases: [string, Uint8Array][] = [
    ['png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)],
    ['jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['tiff', Uint8Array.of(0x4d, 0x4d, 0, 0x2a)],
    ['webp', text('RIFF....WEBPVP8 ')],
    ['bmp', text('BM............')],
  ];
  for (const [format, head] of cases) assert.deepEqual(pictureKind(head), { kind: 'picture', format });
});

test('known formats that are not taken say so, text and noise are unknown', () => {
  for (const head of [
    text('GIF89a'),
    text('\0\0\0\x18ftypheic'),
    text('<?xml version="1.0"?><svg>'),
    text('%PDF-1.7'),
  ]) {
    assert.equal(pictureKind(head).kind, 'refused');
  }
  assert.deepEqual(pictureKind(text('hello, no picture')), { kind: 'unknown', text: true });
  assert.deepEqual(pictureKind(Uint8Array.of(1, 2, 3)), { kind: 'unknown', text: false });
  assert.deepEqual(pictureKind(new Uint8Array(0)), { kind: 'unknown', text: false });
});

test('extensions are compared without case', () => {
  assert.equal(extensionDisagrees('a/b.JPG', 'jpeg'), false);
  assert.equal(extensionDisagrees('a.png', 'jpeg'), true);
  assert.equal(extensionDisagrees('noextension', 'png'), true);
});

test('the outline of a PNG that lies about its chunk lengths ends without harm', () => {
  const bytes = new Uint8Array(40);
  bytes.set([0xff, 0xff, 0xff, 0xff, ...text('IDAT')], 8);
  assert.deepEqual(pngOutline(bytes), {
    width: 0,
    height: 0,
    bitDepth: 0,
    animated: false,
    complete: false,
    trailing: 0,
    compressedText: 0,
  });
});
