// Which file of the built window an address names.

import { extname, join, sep } from 'node:path';
import { APP_HOST, APP_SCHEME } from './own-addresses.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Path inside the app's origin; null for any other origin. */
export function appPath(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host, pathname } = new URL(address);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST ? pathname : null;
}

/** Null where the path leaves the folder or names a kind of file that no window is built of. */
export function windowFile(folder: string, pathname: string): { file: string; type: string } | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const type = TYPES[extname(path)];
  const file = join(folder, path);
  const inside = file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  if (type === undefined || !inside || path.includes('\0') || path.split(/[\\/]/).includes('..')) return null;
  return { file, type };
}
