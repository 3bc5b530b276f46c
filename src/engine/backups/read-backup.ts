// What a backup says about itself, and whether its files are those it says.

import { createHash } from 'node:crypto';
import { AppError } from '../../core/base/errors.ts';
import type { AuditHead } from '../store/audit.ts';
import { type BackupSource, openBackup } from './backup-source.ts';
import {
  type BackupManifest,
  MANIFEST_NAME,
  MOST_MANIFEST_BYTES,
  parseManifest,
  refused,
} from './manifest.ts';

/** Throws `not-found` where there is no backup, `corrupt` where its manifest is not one. */
export async function readManifest(source: BackupSource): Promise<BackupManifest> {
  const bytes = source.files.get(MANIFEST_NAME);
  if (bytes === undefined) {
    throw new AppError('not-found', `there is no ${MANIFEST_NAME} here, so this is no finished backup`, {
      file: source.path,
      hint: 'Name the folder or the .tar file that "flawsmith backup" wrote.',
    });
  }
  if (bytes > MOST_MANIFEST_BYTES) throw refused(`${MANIFEST_NAME} is far too large`, source.path);
  const parts: Uint8Array[] = [];
  for await (const chunk of source.read(MANIFEST_NAME)) parts.push(chunk);
  return parseManifest(Buffer.concat(parts).toString('utf8'), source.path);
}

/** The end of the audit log when a backup was made. */
export async function readBackupHead(path: string): Promise<AuditHead> {
  return (await readManifest(await openBackup(path))).audit;
}

/** Passes a file's content on; throws `corrupt`, naming it, unless it ends as the manifest says. */
export async function* verified(
  source: BackupSource,
  { path, bytes, sha256 }: BackupManifest['files'][number],
): AsyncGenerator<Uint8Array> {
  const size = source.files.get(path);
  if (size === undefined) throw refused(`the backup is not complete: ${path} is missing`, source.path);
  if (size !== bytes) throw refused(`${path} in the backup has ${size} bytes, not ${bytes}`, source.path);
  const hash = createHash('sha256');
  for await (const chunk of source.read(path)) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw refused(`${path} in the backup is damaged`, source.path);
}

/** Reads all of a backup and compares. */
export async function verifyBackup(
  source: BackupSource,
  manifest: BackupManifest,
  step: (done: number, total: number) => void,
): Promise<void> {
  for (const [i, file] of manifest.files.entries()) {
    for await (const _ of verified(source, file));
    step(i + 1, manifest.files.length);
  }
}
