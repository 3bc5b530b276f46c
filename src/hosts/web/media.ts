// GET /media/KIND/ID?size=&low=&high=: the pixels of a picture, with ranges and validators.

import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../../core/base/errors.ts';
import type { EngineClient } from '../desk/engine-client.ts';
import { toMediaRequest } from '../desk/media-request.ts';
import { parseRange } from './range.ts';

export async function serveMedia(
  engine: EngineClient,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = toMediaRequest(url.pathname.slice('/media/'.length), url.searchParams);
  if (asked === null) return end(response, 400);
  try {
    const found = await engine.get().media.locate(asked);
    sendFile(found, asked.kind.endsWith('-mask'), request, response);
  } catch (error) {
    end(response, error instanceof AppError && error.code === 'not-found' ? 404 : 503);
  }
}

function sendFile(
  { file, type, tag }: { file: string; type: string; tag: string },
  changes: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const etag = `"${tag}"`;
  // A picture never changes under its id, a mask may.
  const headers = {
    ETag: etag,
    'Cache-Control': changes ? 'no-cache' : 'private, max-age=31536000, immutable',
  };
  if (request.headers['if-none-match'] === etag) {
    end(response, 304, headers);
    return;
  }
  const size = statSync(file).size;
  const range = parseRange(request.headers.range, size);
  if (range === 'unsatisfiable') {
    end(response, 416, { 'Content-Range': `bytes */${size}` });
    return;
  }
  const { start, end: last } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range === null ? 200 : 206, {
    ...headers,
    'Content-Type': type,
    'Content-Length': last - start + 1,
    'Accept-Ranges': 'bytes',
    ...(range !== null && { 'Content-Range': `bytes ${start}-${last}/${size}` }),
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file, { start, end: last })
      .on('error', () => response.destroy())
      .pipe(response);
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}
