// Which picture an annotation file means, and remarks on names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameRemarks } from '../../../src/engine/datasets/name-remarks.ts';
import { PictureIndex } from '../../../src/engine/datasets/picture-index.ts';

const FILES = ['train/images/a.png', 'val/images/a.png', 'val/images/b.PNG', 'c.jpg', 'notes.txt'];
const index = new PictureIndex(FILES.map((file) => ({ file, absPath: `/${file}` })));

function find(folder: string, name: string, stem: string | null = null): string {
  const found = index.find(folder, name, stem);
  return 'entry' in found ? found.entry.file : found.missing;
}

test('by path, by the longest end of it, by name in any case, by stem', () => {
  assert.equal(find('', 'train/images/a.png'), 'train/images/a.png');
  assert.equal(find('val/labels', '../images/a.png'), 'val/images/a.png');
  assert.equal(find('', 'set/val/images/a.png'), 'val/images/a.png');
  assert.equal(find('', 'B.png'), 'val/images/b.PNG');
  assert.equal(find('', '0123abcd-c.jpg'), 'c.jpg');
  assert.equal(find('', 'c.png'), 'c.jpg');
  assert.equal(find('', 'gone.png', 'c'), 'c.jpg');
  assert.equal(find('train/images', 'x/a.png'), 'train/images/a.png');
});

test('outside, absent, ambiguous', () => {
  assert.equal(find('', '../c.jpg'), 'outside');
  assert.equal(find('', 'gone.png'), 'absent');
  assert.equal(find('', 'notes.txt'), 'absent');
  assert.equal(find('', 'a.png'), 'ambiguous');
});

test('names that fail on another machine', () => {
  for (const name of [
    'x/CON.png',
    'nul',
    'COM1.tif',
    'a. .png',
    'a.',
    `${'a'.repeat(200)}.png`,
    'a\u202eb.png',
  ])
    assert.equal(nameRemarks(name).length, 1, name);
  for (const name of [
    'con/a.png',
    'console.png',
    'über 缺陷 🔧.PNG',
    "semi;colon&quote'$(x).png",
    'noextension',
  ])
    assert.deepEqual(nameRemarks(name), [], name);
});
