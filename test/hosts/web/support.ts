// A running web host for the tests, and raw requests to it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { forkNodeEngine } from '../../../src/hosts/desk/fork-node.ts';
import { startWebHost, type WebHost } from '../../../src/hosts/web/server.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';

export interface Running {
  host: WebHost;
  port: number;
  token: string;
  /** The cookie that the token gives. */
  cookie: string;
}

export async function running(t: TestContext): Promise<Running> {
  const renderer = join(tempFolder(t), 'window');
  mkdirSync(renderer, { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>x</title>');
  const host = await startWebHost({
    port: 0,
    renderer,
    configFolder: join(tempFolder(t), 'config'),
    fork: forkNodeEngine,
  });
  t.after(() => host.close());
  const address = new URL(host.address);
  const token = address.searchParams.get('token')!;
  const port = Number(address.port);
  const { headers } = await ask(port, `/?token=${token}`);
  return { host, port, token, cookie: headers['set-cookie']![0].split(';')[0] };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined> & { 'set-cookie'?: string[] };
  body: string;
}

/** A request with exactly these headers; the host's own name unless told otherwise. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: `127.0.0.1:${port}`, ...headers },
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers as Answer['headers'],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The status of a WebSocket handshake with these headers; 101 where it was accepted. */
export function handshake(port: number, path: string, headers: Record<string, string>): Promise<number> {
  const all = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(Number(data.toString().split(' ')[1]));
    });
    socket.on('error', reject);
  });
}
