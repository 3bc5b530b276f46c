// Files dropped onto the page: a browser tells no path, so they are sent here and lie in the workspace's cache until
// they were imported. POST /stage begins a drop, PUT /stage/ID?path=… adds a file, DELETE /stage/ID removes all of it.

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WALK_LIMITS } from '../../engine/datasets/walk.ts';
import { DEFAULT_LIMITS } from '../../engine/imaging/limits.ts';
import { stagedPath } from './staged-path.ts';

export interface StagingLimits {
  fileBytes: number;
  files: number;
  /** Space on the drive that is left alone. */
  spareBytes: number;
}

const LIMITS: StagingLimits = {
  fileBytes: DEFAULT_LIMITS.maxBytes,
  files: WALK_LIMITS.maxEntries,
  spareBytes: 512 * 1024 ** 2,
};

interface Drop {
  folder: string;
  files: number;
}

export class Staging {
  readonly #workspace: () => string | null;
  readonly #limits: StagingLimits;
  readonly #drops = new Map<string, Drop>();

  constructor(workspace: () => string | null, limits: StagingLimits = LIMITS) {
    this.#workspace = workspace;
    this.#limits = limits;
  }

  async serve(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , id, ...rest] = url.pathname.split('/');
    const drop = id === undefined ? undefined : this.#drops.get(id);
    if (rest.length > 0 || (id !== undefined && drop === undefined)) return end(request, response, 404);
    if (request.method === 'POST' && id === undefined) return this.#begin(request, response);
    if (request.method === 'PUT' && drop !== undefined)
      return this.#add(drop, url.searchParams.get('path') ?? '', request, response);
    if (request.method === 'DELETE' && drop !== undefined) {
      this.#drops.delete(id);
      await rm(drop.folder, { recursive: true, force: true });
      return end(request, response, 204);
    }
    return end(request, response, 405);
  }

  /** Removes what no window has removed. */
  async close(): Promise<void> {
    const folders = [...this.#drops.values()].map(({ folder }) => folder);
    this.#drops.clear();
    for (const folder of folders) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }

  async #begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const workspace = this.#workspace();
    if (workspace === null) return end(request, response, 409);
    const root = join(workspace, 'cache', 'dropped');
    await this.#sweep(root);
    const id = randomUUID();
    const folder = join(root, id);
    await mkdir(folder, { recursive: true });
    this.#drops.set(id, { folder, files: 0 });
    request.resume();
    response.writeHead(201, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify({ id, folder }));
  }

  async #add(drop: Drop, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const relative = stagedPath(path);
    if (relative === null) return end(request, response, 400);
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isSafeInteger(length) || length < 0) return end(request, response, 411);
    if (length > this.#limits.fileBytes || drop.files >= this.#limits.files)
      return end(request, response, 413);
    drop.files++;
    const { bavail, bsize } = await statfs(drop.folder);
    if (length > bavail * bsize - this.#limits.spareBytes) return end(request, response, 507);
    const file = join(drop.folder, relative);
    try {
      await mkdir(dirname(file), { recursive: true });
      await pipeline(request, atMost(length), createWriteStream(file, { flags: 'wx' }));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') await rm(file, { force: true }).catch(() => {});
      return end(request, response, code === 'ENOSPC' ? 507 : 409);
    }
    return end(request, response, 204);
  }

  /** Drops of a host that was ended before it could tidy up. */
  async #sweep(root: string): Promise<void> {
    const own = new Set(this.#drops.keys());
    for (const name of await readdir(root).catch(() => []))
      if (!own.has(name)) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** Passes on so many bytes and fails on more. */
function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > bytes) done(new Error('more than was announced'));
      else done(null, chunk);
    },
  });
}

/** A refused body is not read: the connection ends with the answer. */
function end(request: IncomingMessage, response: ServerResponse, status: number): void {
  const refused = status >= 400;
  if (!request.readableEnded && !refused) request.resume();
  response.writeHead(status, refused ? { Connection: 'close' } : {}).end();
}
