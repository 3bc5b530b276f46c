// media://local/KIND/ID: pictures for the window, read by the main process from where the engine says they lie.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import type { Desk } from '../hosts/desk/desk.ts';
import { EngineClient } from '../hosts/desk/engine-client.ts';
import { toMediaRequest } from '../hosts/desk/media-request.ts';

/** Before the app is ready. */
export function declareMediaScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'media', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

export function serveMediaScheme(desk: Desk): void {
  const engine = new EngineClient(desk);
  protocol.handle('media', async (request) => {
    const url = new URL(request.url);
    const asked = url.host === 'local' ? toMediaRequest(url.pathname.slice(1), url.searchParams) : null;
    if (asked === null) return new Response(null, { status: 400 });
    try {
      const { file, type } = await engine.get().media.locate(asked);
      const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
      return new Response(body, { headers: { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' } });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}
