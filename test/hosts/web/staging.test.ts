// Files dropped onto the page: they lie below the workspace's cache under safe names, within bounds, until they are let go.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stagedPath } from '../../../src/hosts/web/staged-path.ts';
import { Staging, type StagingLimits } from '../../../src/hosts/web/staging.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { ask, running } from './support.ts';

const LIMITS: StagingLimits = { fileBytes: 1000, files: 3, spareBytes: 0 };

async function served(t: TestContext, limits = LIMITS) {
  const workspace = tempFolder(t);
  const staging = new Staging(() => workspace, limits);
  const server = createServer((asked, answer) => {
    staging.serve(new URL(asked.url!, 'http://x'), asked, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { workspace, staging, port, dropped: join(workspace, 'cache/dropped') };
}

function send(
  port: number,
  method: string,
  path: string,
  body: Uint8Array | string = '',
  headers: Record<string, string | number> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers } },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function begin(port: number): Promise<{ id: string; folder: string }> {
  const { status, body } = await send(port, 'POST', '/stage');
  assert.equal(status, 201);
  return JSON.parse(body);
}

const put = (port: number, id: string, path: string, body: Uint8Array | string) =>
  send(port, 'PUT', `/stage/${id}?path=${encodeURIComponent(path)}`, body);

test('files arrive byte for byte and go when they are let go', async (t) => {
  const { port } = await served(t);
  const { id, folder } = await begin(port);
  const bytes = createHash('sha512').update('x').digest();
  assert.equal((await put(port, id, 'parts/train/good/ä 1.png', bytes)).status, 204);
  assert.deepEqual(readFileSync(join(folder, 'parts/train/good/ä 1.png')), bytes);
  assert.equal((await put(port, id, 'parts/train/good/ä 1.png', 'other')).status, 409);
  assert.deepEqual(readFileSync(join(folder, 'parts/train/good/ä 1.png')), bytes);
  assert.equal((await send(port, 'DELETE', `/stage/${id}`)).status, 204);
  assert.ok(!existsSync(folder));
  assert.equal((await put(port, id, 'late.png', 'x')).status, 404);
});

test('no name leads out of the drop', async (t) => {
  const { port, workspace, dropped } = await served(t, { ...LIMITS, files: 100 });
  const { id } = await begin(port);
  const bad = [
    '../x',
    'a/../../x',
    '/etc/x',
    'a//b',
    '',
    '.',
    '..',
    '.hidden',
    'a\\..\\x',
    'C:x',
    'a\0b',
    'con.png',
    'x.',
    'x ',
    'a\nb',
  ];
  for (const path of bad) assert.equal((await put(port, id, path, 'x')).status, 400, JSON.stringify(path));
  for (const other of ['..', '%2e%2e', 'x', `${id}/y`])
    assert.ok([404, 405].includes((await put(port, other, 'x', 'x')).status), other);
  assert.deepEqual(readdirSync(join(dropped, id)), []);
  assert.deepEqual(readdirSync(workspace), ['cache']);
  assert.equal(stagedPath(`${'a/'.repeat(16)}x`), null);
  assert.equal(stagedPath('ü'.repeat(128)), null);
});

test('size and number are bounded', async (t) => {
  const { port } = await served(t);
  const { id, folder } = await begin(port);
  assert.equal((await put(port, id, 'large', new Uint8Array(1001))).status, 413);
  assert.equal((await put(port, id, 'a', new Uint8Array(1000))).status, 204);
  assert.equal((await put(port, id, 'b', '')).status, 204);
  assert.equal((await put(port, id, 'c', '1')).status, 204);
  assert.equal((await put(port, id, 'd', '1')).status, 413);
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'b', 'c']);
  const full = await served(t, { ...LIMITS, spareBytes: Number.MAX_SAFE_INTEGER });
  const drop = await begin(full.port);
  assert.equal((await put(full.port, drop.id, 'a', 'x')).status, 507);
});

test('what a host that was ended left behind is removed by the next drop', async (t) => {
  const { port, staging, dropped } = await served(t);
  mkdirSync(join(dropped, 'old/parts'), { recursive: true });
  writeFileSync(join(dropped, 'old/parts/a.png'), 'x');
  const first = await begin(port);
  const second = await begin(port);
  assert.deepEqual(readdirSync(dropped).sort(), [first.id, second.id].sort());
  await staging.close();
  assert.deepEqual(readdirSync(dropped), []);
});

test('the host takes drops only with its cookie, from its own page, with a workspace open', async (t) => {
  const { host, port, cookie } = await running(t);
  const origin = `http://127.0.0.1:${port}`;
  assert.equal((await ask(port, '/stage', { origin }, 'POST')).status, 403);
  assert.equal((await ask(port, '/stage', { cookie }, 'POST')).status, 403);
  assert.equal((await ask(port, '/stage', { cookie, origin: 'http://evil.example' }, 'POST')).status, 403);
  assert.equal((await ask(port, '/stage', { cookie, origin }, 'POST')).status, 409);
  const workspace = join(tempFolder(t), 'workspace');
  await host.desk.open(workspace, true);
  const { status, body } = await ask(port, '/stage', { cookie, origin }, 'POST');
  assert.equal(status, 201);
  assert.ok(JSON.parse(body).folder.startsWith(join(workspace, 'cache')));
  assert.equal((await ask(port, '/stage', { cookie, origin }, 'GET')).status, 405);
});
