// A backup of a whole workspace, also while another process writes to it: a snapshot of the database, then every file
// that the snapshot points at, the packs, and a manifest; all of it read back before it counts.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { translateFsError } from '../blobs/fs-error.ts';
import { auditHead } from '../store/audit.ts';
import { listBlobReferences } from '../store/blob-references.ts';
import { connectReadable } from '../store/database.ts';
import { schemaVersion } from '../store/migrate.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { openBackup } from './backup-source.ts';
import { type BackupTarget, createTarget } from './backup-target.ts';
import {
  type BackedUpFile,
  type BackupManifest,
  blobPath,
  DATABASE_PATH,
  MANIFEST_NAME,
} from './manifest.ts';
import { readManifest, verifyBackup } from './read-backup.ts';

export interface BackupOptions {
  signal: AbortSignal;
  now: number;
  onProgress(phase: string, done: number, total: number): void;
}

export interface BackupResult {
  files: number;
  bytes: number;
  manifest: BackupManifest;
}

/** A running training replaces its checkpoints; one that vanished under our hands is worth another look. */
const ATTEMPTS = 5;

/** Writes the backup; on any failure nothing is left at `out`. */
export async function writeBackup(
  workspace: ReadableWorkspace,
  out: string,
  options: BackupOptions,
): Promise<BackupResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(workspace, out, options);
    } catch (error) {
      if (!(error instanceof Vanished) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** A blob of the snapshot is no longer there. */
class Vanished extends AppError {}

async function writeOnce(
  workspace: ReadableWorkspace,
  out: string,
  options: BackupOptions,
): Promise<BackupResult> {
  const target = await createTarget(out);
  const snapshot = `${target.staged}.db`;
  try {
    workspace.db.copyTo(snapshot);
    const { facts, blobs } = read(snapshot, options.now);
    const packs = await filesBelow(workspace.packsFolder);
    const total = blobs.length + packs.length + 1;
    const files: BackedUpFile[] = [];
    const add = async (path: string, from: string): Promise<void> => {
      options.signal.throwIfAborted();
      const bytes = sizeOf(from);
      files.push(await target.add(path, reading(from), bytes));
      options.onProgress('back up', files.length, total);
    };
    for (const blob of blobs) {
      await add(blobPath(blob), workspace.blobs.path(blob));
      assertSound(files.at(-1)!, blob, workspace);
    }
    for (const path of packs) await add(`packs/${path}`, join(workspace.packsFolder, path));
    await add(DATABASE_PATH, snapshot);
    const manifest: BackupManifest = { ...facts, files };
    await addText(target, MANIFEST_NAME, `${JSON.stringify(manifest, null, 1)}\n`);
    await target.finish();
    await readBack(target, options);
    await target.commit();
    return { files: files.length + 1, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), manifest };
  } catch (error) {
    await target.discard();
    throw translateFsError(error, out);
  } finally {
    await rm(snapshot, { force: true }).catch(() => {});
  }
}

/** What the manifest says of the database, and the blobs it needs: those of checkpoints first, they may go soonest. */
function read(snapshot: string, now: number) {
  const db = connectReadable(snapshot);
  try {
    const wanted = listBlobReferences(db).map(({ blob, what }) => ({
      blob,
      late: !what.startsWith('checkpoint'),
    }));
    const inOrder = wanted.sort(
      (a, b) => Number(a.late) - Number(b.late) || compareCodePoints(a.blob, b.blob),
    );
    return {
      blobs: [...new Set(inOrder.map(({ blob }) => blob))],
      facts: {
        format: 'flawsmith-backup-1' as const,
        engineVersion: ENGINE_VERSION,
        schema: schemaVersion(db),
        createdAt: now,
        audit: auditHead(db),
      },
    };
  } finally {
    db.close();
  }
}

/** A backup of damage would be taken for good later. */
function assertSound({ sha256 }: BackedUpFile, blob: string, workspace: ReadableWorkspace): void {
  if (sha256 === blob) return;
  throw new AppError('corrupt', 'a file of the workspace is damaged, so it was not backed up', {
    file: workspace.blobs.path(blob),
    hint: 'Run "flawsmith doctor", import the same folders again, then back up.',
  });
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw vanished(file);
  return stat.size;
}

async function* reading(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) yield chunk as Uint8Array;
  } catch (error) {
    throw existsSync(file) ? translateFsError(error, file) : vanished(file);
  }
}

function vanished(file: string): Vanished {
  return new Vanished('corrupt', 'a file of the workspace is missing, so it was not backed up', {
    file,
    hint: 'Run "flawsmith doctor", import the same folders again, then back up.',
  });
}

async function addText(target: BackupTarget, path: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  async function* once(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  await target.add(path, once(), bytes.length);
}

async function readBack(target: BackupTarget, { signal, onProgress }: BackupOptions): Promise<void> {
  const source = await openBackup(target.staged);
  await verifyBackup(source, await readManifest(source), (done, total) => {
    signal.throwIfAborted();
    onProgress('read back', done, total);
  });
}

/** Plain files, by path with '/', in order; links are left out. */
async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort(compareCodePoints);
}
