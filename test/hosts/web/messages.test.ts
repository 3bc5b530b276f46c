// What comes over a WebSocket is not trusted: malformed frames and messages end a connection, never the host.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { MESSAGE_LIMIT } from '../../../src/hosts/web/websocket/connection.ts';
import { FrameReader, writeFrame } from '../../../src/hosts/web/websocket/frames.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { handshake, type Running, running } from './support.ts';

const MESSAGES = 2000;

test('2,000 malformed messages to host and engine leave both answering', async (t) => {
  const world = await running(t);
  await world.host.desk.open(join(tempFolder(t), 'workspace'), true);
  const engine = world.host.desk.enginePid;
  const rng = namedRng(5, 'malformed messages');
  let closed = 0;
  for (const far of ['/host', '/engine']) {
    let socket: WebSocket | null = null;
    for (let i = 0; i < MESSAGES / 2; i++) {
      if (socket === null || socket.readyState !== WebSocket.OPEN) socket = await open(world, far);
      socket.send(malformed(rng));
      if (i % 20 === 19) await turn(socket);
      if (socket.readyState !== WebSocket.OPEN) closed++;
    }
    socket?.close();
  }
  assert.ok(closed > 0, 'some are so malformed that the connection ends');
  assert.equal(world.host.desk.enginePid, engine, 'the engine is the same process');
  assert.match(
    await answerOf(world, '/engine', '{"i":"1","p":{"u":"/workspace/info","b":{"json":{}}}}'),
    /"schema"/,
  );
  assert.match(await answerOf(world, '/host', '{"i":"1","p":{"u":"/about","b":{"json":{}}}}'), /"version"/);
});

test('a frame that is too long is refused by its header', async (t) => {
  const world = await running(t);
  const socket = await raw(world, '/host');
  const header = Buffer.alloc(14);
  header[0] = 0x82;
  header[1] = 0xff;
  header.writeBigUInt64BE(BigInt(MESSAGE_LIMIT + 1), 2);
  socket.write(header);
  assert.equal(await closeCode(socket), 1009);
});

for (const [what, frame, code] of [
  ['not masked', Buffer.from([0x81, 0x01, 0x61]), 1002],
  ['with reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002],
  ['of an unknown kind', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
  ['a continuation of nothing', Buffer.from([0x80, 0x80, 0, 0, 0, 0]), 1002],
  ['a long ping', Buffer.from([0x89, 0xfe, 0, 200, 0, 0, 0, 0]), 1002],
  ['text that is not UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
] as const) {
  test(`a frame ${what} ends the connection with ${code}`, async (t) => {
    const socket = await raw(await running(t), '/host');
    socket.write(frame);
    assert.equal(await closeCode(socket), code);
  });
}

test('frames arrive whole however they are cut', () => {
  const rng = namedRng(7, 'frames');
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 100_000]) {
    const payload = Buffer.from(Array.from({ length }, () => Math.floor(rng.uniform() * 256)));
    const sent = masked(payload);
    const reader = new FrameReader(1 << 20);
    const found = [];
    for (let at = 0; at < sent.length; ) {
      const step = 1 + Math.floor(rng.uniform() * 5000);
      found.push(...reader.push(sent.subarray(at, at + step)));
      at += step;
    }
    assert.equal(found.length, 1);
    assert.deepEqual(found[0].payload, payload);
  }
});

function masked(payload: Buffer): Buffer {
  const [header] = writeFrame(2, payload);
  header[1] |= 0x80;
  const key = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([header, key, Buffer.from(payload.map((byte, i) => byte ^ key[i & 3]))]);
}

/** Bytes, texts, broken JSON, and calls that look almost right. */
function malformed(rng: { uniform(): number }): string | Uint8Array {
  const pick = <T>(...from: T[]): T => from[Math.floor(rng.uniform() * from.length)];
  const bytes = (n: number): Uint8Array =>
    Uint8Array.from({ length: n }, () => Math.floor(rng.uniform() * 256));
  const value = pick<unknown>(
    null,
    -1,
    1e308,
    'x',
    '../../etc/passwd',
    [],
    {},
    { json: { id: 5 } },
    'a'.repeat(5000),
  );
  const url = pick(
    '/workspace/info',
    '/review/decide',
    '/__proto__/x',
    '/folders/list',
    '/media/locate',
    '',
    'http://[',
    '/',
  );
  return pick<() => string | Uint8Array>(
    () => bytes(Math.floor(rng.uniform() * 300)),
    () => Buffer.from(bytes(20)).toString('latin1'),
    () => '{"i":',
    () => JSON.stringify(value),
    () => JSON.stringify({ i: value, p: { u: url, b: value } }),
    () => JSON.stringify({ i: 'n', t: pick(0, 2, 3, 4, 99), p: value }),
    () => JSON.stringify({ i: 'n', p: { u: url, b: { json: value, meta: value }, h: value, m: value } }),
  )();
}

async function open({ port, cookie }: Running, path: string): Promise<WebSocket> {
  const headers = { Cookie: cookie, Origin: `http://127.0.0.1:${port}` };
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers } as unknown as string[]);
  await once(socket as unknown as NodeJS.EventEmitter, 'open');
  return socket;
}

/** Lets what was sent be read and answered. */
async function turn(socket: WebSocket): Promise<void> {
  const over = new AbortController();
  const gone = new Promise((resolve) => socket.addEventListener('close', resolve, { signal: over.signal }));
  await Promise.race([gone, new Promise((resolve) => setImmediate(() => setImmediate(resolve)))]);
  over.abort();
}

async function answerOf(world: Running, path: string, message: string): Promise<string> {
  const socket = await open(world, path);
  const answer = new Promise<string>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)));
    socket.addEventListener('close', () => reject(new Error('closed without an answer')));
  });
  socket.send(message);
  const text = await answer;
  socket.close();
  return text;
}

async function raw({ port, cookie }: Running, path: string): Promise<Socket> {
  const origin = `http://127.0.0.1:${port}`;
  assert.equal(await handshake(port, path, { Cookie: cookie, Origin: origin }), 101);
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  await once(socket, 'data');
  return socket;
}

/** The code of the close frame that the host sends. */
async function closeCode(socket: Socket): Promise<number> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  assert.equal(data[0], 0x88);
  return data.readUInt16BE(2);
}
