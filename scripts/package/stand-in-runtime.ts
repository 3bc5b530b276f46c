// Stands for Electron's own files where they cannot be had: an empty folder with the one program whose fuses are set.
// What electron-builder makes of our files (the archive, the unpacked folder) is the real thing; it cannot be started.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The mark by which Electron's fuses are found, their version, how many there are, and each of them off. */
const FUSE_WIRE = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1'),
  Buffer.from([1, 12]),
  Buffer.from('0'.repeat(12), 'latin1'),
]);

/** For Linux only: the other systems' programs are edited with tools that look into them. Returns the folder. */
export function writeStandIn(folder: string, version: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'), { recursive: true });
  writeFileSync(join(folder, 'electron'), FUSE_WIRE, { mode: 0o755 });
  writeFileSync(join(folder, 'version'), version);
  const pages = ['locales/en-US.pak', 'locales/de.pak'];
  for (const name of [...pages, 'LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox'])
    writeFileSync(join(folder, name), '');
  return folder;
}
