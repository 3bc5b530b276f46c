// Serves the built window: exactly the files that were built, from a list made at the start.

import { createReadStream, globSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

export class StaticFiles {
  readonly #files = new Map<string, string>();

  constructor(folder: string) {
    for (const name of globSync('**/*', { cwd: folder })) {
      const file = join(folder, name);
      if (statSync(file).isFile()) this.#files.set(`/${name.replaceAll('\\', '/')}`, file);
    }
    const index = this.#files.get('/index.html');
    if (index !== undefined) this.#files.set('/', index);
  }

  /** False where there is no such file. */
  serve(path: string, response: ServerResponse): boolean {
    const file = this.#files.get(path);
    if (file === undefined) return false;
    const hashed = path.startsWith('/assets/');
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': statSync(file).size,
      'Cache-Control': hashed ? 'private, max-age=31536000, immutable' : 'no-cache',
    });
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
    return true;
  }
}
