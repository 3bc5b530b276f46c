// A package of another system than this one: exactly what the lock file names, by npm, checked and unpacked once.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  version: string;
  integrity: string;
}

/** The package's folder; null where it is neither installed nor fetched before, and may or can not be fetched now. */
export function fetchPackage(root: string, name: string, fetch: boolean): string | null {
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, 'package.json'))) return installed;
  const locked = lockedPackage(root, name);
  const folder = join(root, '.cache/packages', `${name}@${locked.version}`);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const archive = !fetch ? null : pack(join(root, '.cache/packages'), name, locked);
  if (archive === null) return null;
  const unpacking = `${folder}.unpacking`;
  rmSync(unpacking, { recursive: true, force: true });
  mkdirSync(unpacking, { recursive: true });
  const { status } = spawnSync('tar', ['-xzf', archive, '-C', unpacking, '--strip-components=1']);
  if (status !== 0) return null;
  renameSync(unpacking, folder);
  return folder;
}

function lockedPackage(root: string, name: string): Locked {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found: Locked | undefined = lock.packages[`node_modules/${name}`];
  if (found === undefined) throw new Error(`package-lock.json does not name ${name}`);
  return found;
}

/** The archive's path. Throws where its bytes are not those that the lock file names. */
function pack(folder: string, name: string, { version, integrity }: Locked): string | null {
  mkdirSync(folder, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', `${name}@${version}`, '--json', '--fetch-retries=1', '--pack-destination', folder];
  const { status, stdout } = spawnSync(npm, args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) return null;
  const printed = JSON.parse(stdout);
  const [{ filename }] = Array.isArray(printed) ? printed : Object.values<{ filename: string }>(printed);
  const archive = join(folder, filename);
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${hash}` !== integrity)
    throw new Error(`${name}@${version} is not what package-lock.json names: its checksum differs`);
  return archive;
}
