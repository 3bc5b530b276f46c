// app://flawsmith/: the built window, and under /media/KIND/ID the pictures, read from where the engine says they lie.
// Both are one origin, as in the web host: a canvas may read the pixels of what it draws.

import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import type { Desk } from '../hosts/desk/desk.ts';
import { EngineClient } from '../hosts/desk/engine-client.ts';
import { toMediaRequest } from '../hosts/desk/media-request.ts';
import { PAGE_HEADERS } from '../hosts/desk/page-headers.ts';
import { APP_SCHEME } from './own-addresses.ts';
import { appPath, windowFile } from './window-file.ts';

const MEDIA = '/media/';

/** Before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** `folder`: the built window's. */
export function serveAppScheme(desk: Desk, folder: string): void {
  const engine = new EngineClient(desk);
  protocol.handle(APP_SCHEME, async ({ url, method }) => {
    const path = appPath(url);
    if (path === null || method !== 'GET') return refusal(400);
    return path.startsWith(MEDIA) ? serveMedia(engine, new URL(url)) : serveWindow(folder, path);
  });
}

async function serveWindow(folder: string, path: string): Promise<Response> {
  const found = windowFile(folder, path);
  if (found === null) return refusal(404);
  try {
    const body = await readFile(found.file);
    return new Response(new Uint8Array(body), {
      headers: { ...PAGE_HEADERS, 'Content-Type': found.type },
    });
  } catch {
    return refusal(404);
  }
}

async function serveMedia(engine: EngineClient, url: URL): Promise<Response> {
  const asked = toMediaRequest(url.pathname.slice(MEDIA.length), url.searchParams);
  if (asked === null) return refusal(400);
  try {
    const { file, type } = await engine.get().media.locate(asked);
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
    return new Response(body, { headers: { ...PAGE_HEADERS, 'Content-Type': type } });
  } catch {
    return refusal(404);
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: PAGE_HEADERS });
}
