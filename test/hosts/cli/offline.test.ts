// No network: short commands traced from outside make no internet socket. The proof for the demo is a script.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { networkUse, readTrace, traceSockets, whyNoTrace } from '../../../scripts/trace-sockets.ts';
import {
  boxMask,
  encoded,
  maskPng,
  put,
  tempFolder,
  testRaster,
} from '../../engine/imaging/make-pictures.ts';
import { MAIN } from './cli-process.ts';

const skip = whyNoTrace() ?? false;

test('the trace sees an internet socket of a grandchild', { skip }, async () => {
  const inner = "require('node:dgram').createSocket('udp4').bind(0,'127.0.0.1',function(){this.close()})";
  const outer = `require('node:child_process').execFileSync(process.execPath,['-e',${JSON.stringify(inner)}])`;
  const trace = await traceSockets([process.execPath, '-e', outer]);
  assert.equal(trace.code, 0, trace.stderr);
  assert.equal(trace.programs, 2);
  assert.match(networkUse(trace).join(), /AF_INET/);
});

test('a call that was interrupted and an io_uring are seen too', () => {
  const log = [
    '11 execve("/usr/bin/node", ["node"], 0x7ffd /* 9 vars */) = 0',
    '12 socket(AF_UNIX, SOCK_STREAM, 0) = 3',
    '13 socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP <unfinished ...>',
    '13 <... socket resumed>) = 9',
    '14 io_uring_setup(64, {flags=0}) = 5',
    '15 io_uring_setup(64, {flags=0}) = -1 ENOSYS (Function not implemented) (INJECTED)',
    '14 execve("/no", ["no"], 0x7ffd) = -1 ENOENT (No such file or directory)',
  ].join('\n');
  const trace = readTrace(log);
  assert.equal(trace.programs, 1);
  assert.deepEqual([...trace.sockets.keys()], ['AF_UNIX', 'AF_INET6']);
  assert.deepEqual(networkUse(trace), ['1 AF_INET6 socket', '1 io_uring, whose sockets cannot be seen']);
});

test('sessions of the compute runtime make no internet socket', { skip }, async () => {
  const computing = fileURLToPath(new URL('./session-process.ts', import.meta.url));
  const trace = await traceSockets([process.execPath, computing]);
  assert.equal(trace.code, 0, trace.stderr);
  assert.deepEqual(networkUse(trace), []);
});

test('import, devices and paste make no internet socket', { skip }, async (t) => {
  const folder = await tempFolder(t);
  const [source, workspace] = [join(folder, 'source'), join(folder, 'workspace')];
  mkdirSync(source);
  for (let i = 0; i < 3; i++) {
    await put(source, `train/good/${i}.png`, await encoded(testRaster(64, 48, 3, false, i)));
    await put(source, `test/hole/${i}.png`, await encoded(testRaster(64, 48, 3, false, 9 + i)));
    await put(source, `ground_truth/hole/${i}_mask.png`, await maskPng(boxMask(64, 48, 20, 12 + i, 9, 7)));
  }
  const commands = [
    ['init'],
    ['import', source],
    ['devices'],
    ['generate', '--generator', 'paste', '--count', '1', '--type', 'hole'],
  ];
  for (const command of commands) {
    const trace = await traceSockets([
      process.execPath,
      MAIN,
      ...command,
      '--workspace',
      workspace,
      '--json',
    ]);
    assert.equal(trace.code, 0, `${command.join(' ')}: ${trace.stdout}${trace.stderr}`);
    assert.deepEqual(networkUse(trace), [], command.join(' '));
  }
});
