// Lists what is in an asar archive: a JSON header behind four lengths of 32 bits.

import { closeSync, openSync, readSync } from 'node:fs';

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly unpacked?: boolean;
}

export interface AsarFile {
  readonly path: string;
  /** It lies beside the archive, in `app.asar.unpacked`. */
  readonly unpacked: boolean;
}

export function listAsar(file: string): AsarFile[] {
  const descriptor = openSync(file, 'r');
  try {
    const lengths = Buffer.alloc(16);
    readSync(descriptor, lengths, 0, 16, 0);
    const header = Buffer.alloc(lengths.readUInt32LE(12));
    readSync(descriptor, header, 0, header.length, 16);
    return filesOf(JSON.parse(header.toString('utf8')), '');
  } finally {
    closeSync(descriptor);
  }
}

function filesOf({ files = {} }: Entry, folder: string): AsarFile[] {
  return Object.entries(files).flatMap(([name, entry]) =>
    entry.files === undefined
      ? [{ path: folder + name, unpacked: entry.unpacked === true }]
      : filesOf(entry, `${folder}${name}/`),
  );
}
