// The small parts of an export: names, checksums, paths, the outside count, the Windows check.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSums, parseSums, verifyCmd } from '../../../src/engine/exports/checksums.ts';
import { formatManifest, isSafePath, parseManifest } from '../../../src/engine/exports/manifest.ts';
import { changedOutside } from '../../../src/engine/exports/outside.ts';
import { NameAllocator, safeName } from '../../../src/engine/exports/safe-name.ts';
import { typeNames } from '../../../src/engine/exports/type-names.ts';
import { boxMask, testRaster } from '../imaging/make-pictures.ts';

test('names every receiver can hold', () => {
  const cases: Record<string, string> = {
    'a b': 'a b',
    CON: '_CON',
    'com1.x': '_com1.x',
    'trailing dot. ': 'trailing dot',
    '..': '_',
    '': '_',
    '-rf': 'rf',
    'a/b\\c:d': 'a_b_c_d',
    "semi;colon&quote'$(x)%PATH%": 'semi_colon_quote__(x)_PATH_',
    'zeile\nzwei': 'zeile_zwei',
    'u\u0308ber': '\u00fcber',
    缺陷: '缺陷',
    'COM¹': '_COM¹',
    'nul .txt': '_nul .txt',
    'a\u202egnp': 'a_gnp',
  };
  for (const [from, to] of Object.entries(cases)) assert.equal(safeName(from), to);
  assert.equal(safeName('x'.repeat(200)).length, 80);
  assert.equal(safeName('缺'.repeat(100)), '缺'.repeat(66), 'at most 200 bytes');
  assert.equal(safeName(`${'x'.repeat(79)}😀`), 'x'.repeat(79), 'no half letters');
});

test('names differ also without case, per folder', () => {
  const names = new NameAllocator();
  assert.deepEqual(
    ['a', 'A', 'a', 'b'].map((n) => names.allocate('f', n)),
    ['a', 'A_2', 'a_3', 'b'],
  );
  assert.equal(names.allocate('g', 'a'), 'a');
});

test('types: safe as folders, one line of text elsewhere, never a word that readers take for something else', () => {
  const folders = typeNames('mvtec', ['good', 'OK', 'a/b', 'a\\b', 'CON', 'x.', 'A/B', 'train']);
  assert.deepEqual(Object.fromEntries(folders), {
    'A/B': 'A_B',
    CON: '_CON',
    OK: 'type_OK',
    'a/b': 'a_b_2',
    'a\\b': 'a_b_3',
    train: 'type_train',
    'x.': 'x',
  });
  assert.deepEqual(
    [...typeNames('cvat', ['a\u0000b', 'ab', 'normal', '__ignore__', ' x\ny '])],
    [
      [' x\ny ', 'x y'],
      ['__ignore__', 'type___ignore__'],
      ['a\u0000b', 'ab'],
      ['ab', 'ab_2'],
      ['normal', 'type_normal'],
    ],
  );
  assert.deepEqual([...typeNames('voc', ['a:b', '#c']).values()], ['_c', 'a_b']);
  assert.deepEqual([...typeNames('yolo-seg', ['a"b\\c #d']).values()], ['a_b_c _d']);
});

test('SHA256SUMS: the written form and nothing else', () => {
  const hash = 'ab'.repeat(32);
  const sums = new Map([
    ['b/c d.png', hash],
    ['a', hash],
  ]);
  const text = formatSums(sums);
  assert.equal(text, `${hash}  a\n${hash}  b/c d.png\n`);
  assert.deepEqual(parseSums(text), new Map([...sums].reverse()));
  for (const bad of [
    text.slice(0, -1),
    text.replace('  a', ' a'),
    `${hash}  ../x\n`,
    `${hash}  /x\n`,
    text + text,
    text.toUpperCase(),
  ]) {
    assert.throws(() => parseSums(bad), { code: 'verify-failed' }, bad);
  }
});

test('paths that leave a folder are refused', () => {
  for (const good of ['a', 'a/b.png', 'a b/ö.png', 'a/..b']) assert.ok(isSafePath(good), good);
  for (const bad of ['', '/a', '../a', 'a/../b', 'a//b', './a', 'C:/a', 'a\\b', 'a\0', 'a/'])
    assert.ok(!isSafePath(bad), bad);
});

test('manifests: a round trip, and messages that name the field', () => {
  const manifest = { version: 1 as const, product: 'p', format: 'coco' as const, generated: [], real: [] };
  assert.deepEqual(parseManifest(formatManifest(manifest)), manifest);
  assert.throws(() => parseManifest('{'), { code: 'verify-failed', message: /not JSON/ });
  assert.throws(() => parseManifest('{"version":2}'), { code: 'verify-failed', message: /"version"/ });
});

test('pixels outside the grown mask are counted as by brute force', () => {
  const source = testRaster(17, 13, 3);
  const mask = boxMask(17, 13, 5, 4, 3, 2);
  mask.data[0] = 1;
  const picture = { ...source, data: source.data.map((v) => v ^ 1) };
  for (const grown of [0, 1, 4]) {
    let expected = 0;
    for (let y = 0; y < 13; y++) {
      for (let x = 0; x < 17; x++) {
        const near = [...mask.data.keys()].some(
          (i) =>
            mask.data[i] === 1 && Math.max(Math.abs((i % 17) - x), Math.abs(Math.floor(i / 17) - y)) <= grown,
        );
        if (!near) expected++;
      }
    }
    assert.equal(changedOutside(source, picture, mask, grown), expected);
  }
  assert.equal(changedOutside(source, source, mask, 0), 0);
  assert.equal(changedOutside(source, testRaster(17, 13, 1), mask, 0), -1);
});

test('verify.cmd has the line ends cmd needs for labels, and no line break is missing', () => {
  const text = verifyCmd();
  assert.ok(text.endsWith('\r\n'));
  assert.equal(text.split('\n').length, text.split('\r\n').length);
  assert.ok(text.includes('set "NAME=%NAME:/=\\%"'));
});
