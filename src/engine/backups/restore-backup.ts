// Makes a workspace of a backup: every file is compared on its way, the database is checked, then it gets its name.

import { readdirSync, rmdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { flushFolder, makeFolder, writeDurably } from '../blobs/atomic-write.ts';
import { translateFsError } from '../blobs/fs-error.ts';
import { appendAudit, findAuditProblem } from '../store/audit.ts';
import { listBlobReferences } from '../store/blob-references.ts';
import type { WritableDb } from '../store/database.ts';
import { checkIntegrity } from '../store/integrity.ts';
import { openWritableStore } from '../store/open-store.ts';
import { deleteUnfinishedExport, listUnfinishedExports } from '../store/unfinished-exports.ts';
import { openBackup } from './backup-source.ts';
import { claimTarget } from './backup-target.ts';
import { type BackupManifest, blobPath, DATABASE_PATH, refused } from './manifest.ts';
import { readManifest, verified } from './read-backup.ts';

export interface RestoreOptions {
  signal: AbortSignal;
  now: number;
  onProgress(phase: string, done: number, total: number): void;
}

/** `to` must not exist, or be an empty folder. On any failure it is left as it was. */
export async function restoreBackup(
  from: string,
  to: string,
  options: RestoreOptions,
): Promise<{ files: number; bytes: number; manifest: BackupManifest }> {
  const source = await openBackup(from);
  const manifest = await readManifest(source);
  const target = resolve(to);
  const wasEmpty = isEmptyFolder(target);
  if (wasEmpty) removeEmpty(target);
  let staged: string | null = null;
  try {
    staged = claimTarget(target);
    await mkdir(staged);
    await copyFiles(manifest, staged, options, (file) => verified(source, file));
    await settleDatabase(staged, manifest, from, options.now);
    await rename(staged, target);
    await flushFolder(dirname(target));
  } catch (error) {
    if (staged !== null) await rm(staged, { recursive: true, force: true }).catch(() => {});
    if (wasEmpty) await mkdir(target).catch(() => {});
    throw translateFsError(error, to);
  }
  const { files } = manifest;
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), manifest };
}

function isEmptyFolder(path: string): boolean {
  return (
    (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false) && readdirSync(path).length === 0
  );
}

/** The restored folder takes its place; the root of a drive cannot be replaced. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    throw new AppError(
      'usage',
      'this folder cannot be replaced',
      { file: folder, hint: 'Name a folder inside it that does not exist yet.' },
      error,
    );
  }
}

async function copyFiles(
  manifest: BackupManifest,
  folder: string,
  { signal, onProgress }: RestoreOptions,
  read: (file: BackupManifest['files'][number]) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const folders = new Set<string>();
  for (const name of ['blobs', 'packs']) await makeFolder(join(folder, name));
  for (const [i, file] of manifest.files.entries()) {
    signal.throwIfAborted();
    const path = join(folder, file.path);
    if (!folders.has(dirname(path))) await makeFolder(dirname(path));
    folders.add(dirname(path));
    await writeDurably(path, read(file));
    onProgress('restore', i + 1, manifest.files.length);
  }
  for (const made of folders) await flushFolder(made);
}

/** Brings the schema up to date (a newer one is refused) and checks that nothing the database needs is missing. */
async function settleDatabase(
  folder: string,
  manifest: BackupManifest,
  from: string,
  now: number,
): Promise<void> {
  const db = openWritableStore(join(folder, DATABASE_PATH), { create: false });
  try {
    assertWhole(db, manifest, from);
    db.transaction(() => {
      // They lie where the original may still be writing them.
      for (const { id } of listUnfinishedExports(db)) deleteUnfinishedExport(db, id);
      appendAudit(db, now, { event: 'restored', backupOf: manifest.createdAt, head: { ...manifest.audit } });
    });
  } finally {
    db.close();
  }
}

function assertWhole(db: WritableDb, manifest: BackupManifest, from: string): void {
  const [damage] = checkIntegrity(db);
  if (damage !== undefined) throw refused(`the database in the backup is damaged: ${damage}`, from);
  const problem = findAuditProblem(db, manifest.audit);
  if (problem !== null) throw refused(`the audit log in the backup was altered: ${problem.what}`, from);
  const there = new Set(manifest.files.map(({ path }) => path));
  const missing = listBlobReferences(db).find(({ blob }) => !there.has(blobPath(blob)));
  if (missing !== undefined) {
    throw new AppError('corrupt', `the backup is not complete: the ${missing.what} is missing`, {
      file: from,
      hint: 'Use another backup.',
    });
  }
}
