// The loopback web host: the built window, pictures, and the contract over WebSockets, for this PC only.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Desk, type DeskOptions } from '../desk/desk.ts';
import { EngineClient } from '../desk/engine-client.ts';
import { createHostHandler } from '../desk/host-router.ts';
import { Access, type Refusal } from './access.ts';
import { serveMedia } from './media.ts';
import { REPORT_PATH, SECURITY_HEADERS } from './security-headers.ts';
import { serveEngineSocket, serveHostSocket } from './sockets.ts';
import { Staging } from './staging.ts';
import { StaticFiles } from './static-files.ts';
import { acceptWebSocket } from './websocket/accept.ts';

export interface WebHostOptions extends Omit<DeskOptions, 'platform'> {
  /** 0 takes any free port. */
  port: number;
  /** Folder of the built window. */
  renderer: string;
}

export interface WebHost {
  /** With the token: whoever opens it is in. */
  readonly address: string;
  readonly desk: Desk;
  close(): Promise<void>;
}

const REFUSALS: Record<Refusal, string> = {
  host: 'This address is not served here.',
  origin: 'Pages of other origins are not served.',
  token:
    'Open the address that Flawsmith printed when it was started; it holds a key that changes with every start.',
};

export async function startWebHost({ port, renderer, ...options }: WebHostOptions): Promise<WebHost> {
  const desk = new Desk({ ...options, platform: BROWSER });
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 60_000 });
  await listen(server, port);
  const access = new Access((server.address() as AddressInfo).port);
  const staging = new Staging(() => desk.state.workspace?.folder ?? null);
  const context = { desk, access, files: new StaticFiles(renderer), engine: new EngineClient(desk), staging };
  const hosts = createHostHandler(desk);

  server.on('request', (request, response) => {
    answer(context, request, response).catch(() => response.destroy());
  });
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    const refused = access.checkPlace(request, true) ?? (access.hasCookie(request) ? null : 'token');
    const path = refused === null ? pathOf(request) : null;
    if (path !== '/host' && path !== '/engine') {
      socket.end(`HTTP/1.1 ${refused === null ? 404 : 403} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    const connection = acceptWebSocket(request, socket, head);
    if (connection === null) return;
    if (path === '/host') serveHostSocket(desk, hosts, connection);
    else serveEngineSocket(desk, connection);
  });

  return {
    address: `${access.origin}/?token=${access.token}`,
    desk,
    async close() {
      await staging.close();
      await desk.close();
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Context {
  desk: Desk;
  access: Access;
  files: StaticFiles;
  engine: EngineClient;
  staging: Staging;
}

async function answer(
  { desk, access, files, engine, staging }: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const url = new URL(request.url ?? '/', access.origin);
  const place = access.checkPlace(request, false);
  if (place !== null) return refuse(response, place);
  if (url.searchParams.has('token')) {
    if (!access.isToken(url.searchParams.get('token'))) return refuse(response, 'token');
    response
      .writeHead(303, { 'Set-Cookie': access.cookie, Location: '/', 'Cache-Control': 'no-store' })
      .end();
    return;
  }
  if (!access.hasCookie(request)) return refuse(response, 'token');
  if (request.method === 'POST' && url.pathname === REPORT_PATH) {
    desk.requestBlocked();
    request.resume();
    return void response.writeHead(204).end();
  }
  if (url.pathname === '/stage' || url.pathname.startsWith('/stage/')) {
    const origin = access.checkPlace(request, true);
    return origin === null ? staging.serve(url, request, response) : refuse(response, origin);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  if (url.pathname.startsWith('/media/')) return serveMedia(engine, url, request, response);
  if (!files.serve(url.pathname, response)) text(response, 404, 'There is no such page.');
}

const BROWSER: DeskOptions['platform'] = { nativeDialogs: false, pick: async () => null, reveal: null };

function refuse(response: ServerResponse, reason: Refusal): void {
  text(response, 403, REFUSALS[reason]);
}

function text(response: ServerResponse, status: number, content: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${content}\n`);
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
}

/** Only this PC can connect. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
}
