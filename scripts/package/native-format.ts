// For which system and processor a native file was built, by its first bytes (ELF, PE, Mach-O).

import { closeSync, openSync, readSync } from 'node:fs';

const ELF_MACHINES: Record<number, string> = { 62: 'x64', 183: 'arm64' };
const PE_MACHINES: Record<number, string> = { 34404: 'x64', 43620: 'arm64' };
const MACH_CPUS: Record<number, string> = { 16777223: 'x64', 16777228: 'arm64' };
const HEAD = 4096;

/** Such as `linux-x64`; null where it is no native file for a system that we know. */
export function nativeFormat(file: string): string | null {
  const head = readHead(file);
  if (head.length < 64) return null;
  if (head.readUInt32BE(0) === 0x7f454c46) return named('linux', ELF_MACHINES[head.readUInt16LE(18)]);
  if (head.readUInt32LE(0) === 0xfeedfacf) return named('darwin', MACH_CPUS[head.readUInt32LE(4)]);
  if (head.toString('latin1', 0, 2) !== 'MZ') return null;
  const at = head.readUInt32LE(60);
  if (at + 6 > head.length || head.toString('latin1', at, at + 2) !== 'PE') return null;
  return named('win32', PE_MACHINES[head.readUInt16LE(at + 4)]);
}

function named(os: string, arch: string | undefined): string | null {
  return arch === undefined ? null : `${os}-${arch}`;
}

function readHead(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD, 0));
  } finally {
    closeSync(descriptor);
  }
}
