// Nothing connects to anywhere: TCP, TLS, HTTP, fetch, WebSocket and datagrams are refused and counted; pipes work.

import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import tls from 'node:tls';
import { refuseNetwork } from '../../../src/hosts/desk/refuse-network.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';

/** A server that tells of everyone who reaches it. */
async function listening(t: TestContext): Promise<{ port: number; reached(): number }> {
  let reached = 0;
  const server = http.createServer((_request, response) => response.end('x'));
  server.on('connection', () => reached++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { port: (server.address() as net.AddressInfo).port, reached: () => reached };
}

function failure(socket: net.Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve(error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve('connected');
    });
  });
}

test('every way out is refused, and each try is counted', async (t) => {
  const { port, reached } = await listening(t);
  let refused = 0;
  const end = refuseNetwork(() => refused++);
  t.after(end);
  const said = /opens no connection/;
  assert.match(await failure(net.connect(port, '127.0.0.1')), said);
  assert.match(await failure(new net.Socket().connect({ port, host: 'localhost' })), said);
  assert.match(await failure(tls.connect(port, '127.0.0.1')), said);
  assert.equal(refused, 3);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  await assert.rejects(
    new Promise((_resolve, reject) => http.get({ host: '127.0.0.1', port }).on('error', reject)),
    said,
  );
  const socket = dgram.createSocket('udp4');
  assert.throws(() => socket.send('x', port, '127.0.0.1'), said);
  assert.throws(() => socket.connect(port), said);
  socket.close();
  assert.ok(refused >= 7, String(refused));
  assert.equal(reached(), 0);
});

test('pipes between processes still connect, and the guard can be lifted', async (t) => {
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\flawsmith-${process.pid}` : join(tempFolder(t), 'pipe');
  const server = net.createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  let refused = 0;
  const end = refuseNetwork(() => refused++);
  assert.equal(await failure(net.connect(path)), 'connected');
  assert.equal(await failure(net.connect({ path })), 'connected');
  end();
  const { port, reached } = await listening(t);
  assert.equal(await failure(net.connect(port, '127.0.0.1')), 'connected');
  assert.deepEqual([refused, reached()], [0, 1]);
});
