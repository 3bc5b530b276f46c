// Who is let in: this address, this origin, this start's token; everybody else is refused.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { ask, handshake, running } from './support.ts';

test('the token in the address gives a strict cookie and leaves the address', async (t) => {
  const { port, token } = await running(t);
  const { status, headers } = await ask(port, `/?token=${token}`);
  assert.equal(status, 303);
  assert.equal(headers.location, '/');
  assert.match(headers['set-cookie']![0], /; HttpOnly; SameSite=Strict; Path=\/$/);
  assert.ok(!headers['set-cookie']![0].includes(token), 'the cookie is another secret than the token');
});

test('without a cookie, or with a wrong token or cookie, nothing is served', async (t) => {
  const { port, cookie } = await running(t);
  assert.equal((await ask(port, '/')).status, 403);
  assert.equal((await ask(port, '/?token=')).status, 403);
  assert.equal((await ask(port, `/?token=${'A'.repeat(43)}`)).status, 403);
  assert.equal((await ask(port, '/', { cookie: `${cookie}x` })).status, 403);
  assert.equal((await ask(port, '/media/picture/x', {})).status, 403);
  const there = await ask(port, '/', { cookie });
  assert.equal(there.status, 200);
  assert.match(String(there.headers['content-security-policy']), /default-src 'none'/);
  assert.equal(there.headers['x-content-type-options'], 'nosniff');
});

test('other Hosts and Origins are refused, with the right cookie too', async (t) => {
  const { port, cookie } = await running(t);
  for (const host of [`localhost:${port}`, `evil.example:${port}`, '127.0.0.1', `[::1]:${port}`])
    assert.equal((await ask(port, '/', { host, cookie })).status, 403, host);
  for (const origin of [
    'http://evil.example',
    `http://localhost:${port}`,
    'null',
    `https://127.0.0.1:${port}`,
  ])
    assert.equal((await ask(port, '/', { origin, cookie })).status, 403, origin);
  assert.equal((await ask(port, '/', { cookie, 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await ask(port, '/', { cookie, 'sec-fetch-site': 'same-site' })).status, 403);
});

test('WebSockets need cookie and origin', async (t) => {
  const { port, cookie } = await running(t);
  const Origin = `http://127.0.0.1:${port}`;
  for (const path of ['/host', '/engine']) {
    assert.equal(await handshake(port, path, { Origin, Cookie: cookie }), 101, path);
    assert.equal(await handshake(port, path, { Origin }), 403, path);
    assert.equal(await handshake(port, path, { Cookie: cookie }), 403, path);
    assert.equal(await handshake(port, path, { Cookie: cookie, Origin: 'http://evil.example' }), 403, path);
    assert.equal(await handshake(port, path, { Cookie: cookie, Origin, Host: 'evil.example' }), 403, path);
  }
  assert.equal(await handshake(port, '/other', { Origin, Cookie: cookie }), 404);
  assert.equal(await handshake(port, '/host', { Origin, Cookie: cookie, 'Sec-WebSocket-Version': '8' }), 400);
});

test('files outside the built window are not served', async (t) => {
  const { port, cookie } = await running(t);
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/etc/passwd',
    '//etc/passwd',
  ])
    assert.equal((await ask(port, path, { cookie })).status, 404, path);
  assert.equal((await ask(port, '/', { cookie }, 'POST')).status, 405);
  for (const path of [
    '/media/blob/x',
    '/media/picture/..%2f..',
    '/media/picture/01J9ZQ4M7N8P6R5S3T2V1W0XYZ?size=3',
  ])
    assert.equal((await ask(port, path, { cookie })).status, 400, path);
});

test('only the loopback address listens', async (t) => {
  const { port } = await running(t);
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((i) => i?.family === 'IPv4' && !i.internal);
  for (const other of others) {
    await assert.rejects(
      new Promise((resolve, reject) => {
        const socket = connect(port, other!.address, () => resolve(socket.destroy()));
        socket.on('error', reject);
      }),
    );
  }
});

test('a violation of the policy is counted', async (t) => {
  const { port, cookie, host } = await running(t);
  assert.equal((await ask(port, '/csp-report', { cookie }, 'POST')).status, 204);
  assert.equal(host.desk.state.requestsBlocked, 1);
});
