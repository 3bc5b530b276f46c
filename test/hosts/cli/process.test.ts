// The command line as a process: exit codes, NDJSON that ends as documented, locks between processes, Ctrl+C.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodePng } from '../../../src/engine/imaging/index.ts';
import { connectWritable } from '../../../src/engine/store/database.ts';
import { cli, parseLines, startCli } from './cli-process.ts';

const HOLDER = fileURLToPath(new URL('../../engine/support/hold-workspace.ts', import.meta.url));

describe('command line', () => {
  let root = '';
  let parts = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'flawsmith-cli-'));
    parts = join(root, 'parts');
    assert.equal(cli(['init', '--workspace', parts]).code, 0);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  test('help goes to stdout and ends with 0', () => {
    const { code, stdout, stderr } = cli(['help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /Usage: flawsmith/);
  });

  test('a usage error: exit 2, nothing on stdout, a hint on stderr', () => {
    const { code, stdout, stderr } = cli(['train', '--epochs', '3']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--epochs[\s\S]*flawsmith train --help/);
  });

  test('init twice: made, then already there; --json prints one result line', () => {
    const folder = join(root, 'twice');
    assert.deepEqual(cli(['init', '--workspace', folder, '--json']).events, [
      { event: 'result', folder, created: true },
    ]);
    assert.deepEqual(cli(['init', '--workspace', folder, '--json']).events, [
      { event: 'result', folder, created: false },
    ]);
    assert.deepEqual(
      cli(['init', '--json'], folder).events,
      [{ event: 'result', folder, created: false }],
      'the default is here',
    );
  });

  test('a sound workspace: doctor and info end with 0', () => {
    assert.match(cli(['doctor', '--workspace', parts]).stdout, /sound/);
    const { events } = cli(['info', '--workspace', parts, '--json']);
    assert.deepEqual(events.at(-1)?.products, []);
  });

  test('a folder without pictures: bad-dataset, nothing stored', () => {
    const empty = join(root, 'empty');
    mkdirSync(empty, { recursive: true });
    writeFileSync(join(empty, 'notes.txt'), 'no picture');
    const { code, events } = cli(['import', empty, '--workspace', parts, '--json']);
    assert.deepEqual([code, events.at(-1)?.code, events.at(-1)?.file], [4, 'bad-dataset', empty]);
    assert.deepEqual(readdirSync(join(parts, 'blobs')), []);
  });

  test('a workspace of a newer version: exit 14', () => {
    const folder = join(root, 'newer');
    cli(['init', '--workspace', folder]);
    const db = connectWritable(join(folder, 'flawsmith.db'), true);
    db.pragma('user_version = 9990');
    db.close();
    assert.equal(cli(['doctor', '--repair', '--workspace', folder]).code, 14);
  });

  test('a damaged database: exit 15', () => {
    const folder = join(root, 'damaged');
    mkdirSync(folder);
    writeFileSync(join(folder, 'flawsmith.db'), 'x'.repeat(9000));
    assert.equal(cli(['doctor', '--workspace', folder]).code, 15);
  });

  test('while another process writes: exit 13 naming it; after its death all is well', async () => {
    const folder = join(root, 'held');
    const child = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const locked = cli(['doctor', '--repair', '--workspace', folder, '--json']);
    assert.equal(locked.code, 13);
    assert.match(String(locked.events.at(-1)?.message), new RegExp(`process ${child.pid} on `));
    assert.equal(cli(['info', '--workspace', folder]).code, 0, 'reading needs no lock');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { code, events } = cli(['doctor', '--repair', '--workspace', folder, '--json']);
    assert.equal(code, 0);
    assert.deepEqual(events.at(-1)?.interruptedRuns, [line.toString().trim()]);
  });

  test('Ctrl+C stops an import: exit 130, nothing half-imported', async () => {
    const source = join(root, 'many');
    mkdirSync(source);
    const picture = { width: 64, height: 64, channels: 3 as const, data: new Uint8Array(64 * 64 * 3) };
    for (let i = 0; i < 400; i++) {
      picture.data.fill(i & 255).fill(i >> 4, 0, 3000);
      writeFileSync(join(source, `${i}.png`), await encodePng(picture));
    }
    const args = ['import', source, '--layout', 'image-mask', '--skip-bad', '--workspace', parts, '--json'];
    const child = startCli(args);
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      if (text === '') child.kill('SIGINT');
      text += data.toString();
    });
    const [code] = await once(child, 'exit');
    assert.equal(code, 130);
    const last = parseLines(text).at(-1)!;
    assert.deepEqual([last.event, last.code], ['error', 'cancelled']);
    assert.deepEqual(cli(['info', '--workspace', parts, '--json']).events.at(-1)?.products, []);
    assert.equal(cli(['doctor', '--workspace', parts, '--json']).events.at(-1)?.notes, 0);
  });
});
