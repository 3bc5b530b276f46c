// The drives that an export can go to, with their space.

import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve, sep } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { type Answer, askSystem, powershell } from './ask-system.ts';
import type { Drive, MountedDrive } from './drive.ts';
import { linuxDrives } from './linux.ts';
import { isMacDrive, macDrive, parseMacMounts } from './mac.ts';
import { parseWindowsDrives, WINDOWS_DRIVES } from './windows.ts';

/** A share whose server is gone would keep the answer waiting. */
const PATIENCE_MS = 3000;

/** Removable ones first, then this computer's, then the network's; those nobody can write to only where they are removable. */
export async function listDrives(): Promise<Drive[]> {
  const mounted = await mountedDrives();
  const home = mountOf(homedir(), mounted);
  const drives = await Promise.all(mounted.map((drive) => measured(drive, drive === home)));
  return drives
    .filter((drive): drive is Drive => drive !== null && (drive.writable || drive.removable))
    .sort((a, b) => rank(a) - rank(b) || a.mount.localeCompare(b.mount));
}

/** Throws where the system does not say: an empty list would read as "all are gone". */
export async function mountedDrives(): Promise<MountedDrive[]> {
  if (process.platform === 'win32') return parseWindowsDrives(told(await powershell(WINDOWS_DRIVES)));
  if (process.platform === 'darwin') return macDrives();
  return linuxDrives();
}

function told({ ok, out, complaint }: Answer): string {
  if (ok && out.trim() !== '') return out;
  throw new AppError('runtime', `the system does not list its drives${complaint && `: ${complaint}`}`, {
    hint: 'Choose a folder instead.',
  });
}

/** The drive that a path lies on: the longest mount that holds it. */
export function mountOf<D extends { mount: string }>(path: string, drives: readonly D[]): D | null {
  const at = comparable(resolve(path));
  const holding = drives.filter(({ mount }) => at.startsWith(comparable(mount)));
  return holding.reduce<D | null>(
    (best, drive) => (best === null || drive.mount.length > best.mount.length ? drive : best),
    null,
  );
}

function comparable(path: string): string {
  const whole = path.endsWith(sep) ? path : path + sep;
  return process.platform === 'win32' ? whole.toLowerCase() : whole;
}

async function macDrives(): Promise<MountedDrive[]> {
  const mounts = parseMacMounts(told(await askSystem('mount', []))).filter(isMacDrive);
  return Promise.all(
    mounts.map(async (mount) => {
      const info = await askSystem('diskutil', ['info', '-plist', mount.mount]);
      const json = info.ok ? await askSystem('plutil', ['-convert', 'json', '-o', '-', '-'], info.out) : null;
      return macDrive(mount, json?.ok ? JSON.parse(json.out) : null);
    }),
  );
}

/** Null where it does not answer; one that can be unplugged is there as long as the system shows it. */
async function measured({ readOnly, ...drive }: MountedDrive, isHome: boolean): Promise<Drive | null> {
  const path = isHome ? homedir() : drive.mount;
  try {
    const { bavail, blocks, bsize } = await patiently(statfs(drive.mount));
    const mayWrite = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
    const sizes = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    return { ...drive, path, ...sizes, writable: !readOnly && mayWrite };
  } catch {
    return drive.removable ? { ...drive, path, freeBytes: 0, totalBytes: 0, writable: false } : null;
  }
}

function patiently<T>(work: Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error('no answer')), PATIENCE_MS);
    work.then(done, failed).finally(() => clearTimeout(late));
  });
}

function rank({ removable, network }: Drive): number {
  return removable ? 0 : network ? 2 : 1;
}
