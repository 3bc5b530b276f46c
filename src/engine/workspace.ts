// Opens a workspace: one folder with flawsmith.db, blobs/ and packs/. Moving the folder moves everything.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/base/errors.ts';
import { makeFolder } from './blobs/atomic-write.ts';
import { BlobReader } from './blobs/blob-reader.ts';
import { BlobStore } from './blobs/blob-store.ts';
import type { Clock } from './ids.ts';
import { interruptCrashedRuns } from './runs/run-manager.ts';
import { settleExports } from './runs/unfinished-exports.ts';
import { acquireLock, strayLocks, type WorkspaceLock } from './runs/workspace-lock.ts';
import { appendAudit, countAudit } from './store/audit.ts';
import { connectWritable, type ReadableDb, type WritableDb } from './store/database.ts';
import { openReadableStore, openWritableStore } from './store/open-store.ts';
import { DATABASE_NAME, isWorkspace } from './workspace-files.ts';

export { isWorkspace };

/** A workspace opened for reading: no lock is taken, nothing can be changed. */
export interface ReadableWorkspace {
  readonly folder: string;
  readonly db: ReadableDb;
  readonly blobs: BlobReader;
  readonly packsFolder: string;
  close(): void;
}

/** The one writer's view. */
export interface Workspace extends ReadableWorkspace {
  readonly db: WritableDb;
  readonly blobs: BlobStore;
  /** What opening found and put right. */
  readonly recovered: { tookOverLock: boolean; straysRemoved: number; interruptedRuns: string[] };
}

export interface OpenOptions {
  clock: Clock;
  /** Makes the workspace where there is none. */
  create?: boolean;
}

/** Opens without a lock, beside a running writer if need be. */
export function openWorkspaceForReading(folder: string): ReadableWorkspace {
  assertExists(folder);
  const db = openReadableStore(join(folder, DATABASE_NAME));
  return { ...layout(folder), db, blobs: new BlobReader(join(folder, 'blobs')), close: () => db.close() };
}

/** Takes the lock, brings the schema up to date, removes unfinished writes and marks crashed runs as interrupted. */
export async function openWorkspace(folder: string, options: OpenOptions): Promise<Workspace> {
  const { clock } = options;
  const isNew = !isWorkspace(folder);
  if (isNew && !options.create) assertExists(folder);
  const madeFolder = isNew && !existsSync(folder);
  if (isNew) await makeFolder(folder);

  const file = join(folder, DATABASE_NAME);
  const lock = acquireLock(folder, { now: clock.now(), exclusively: (work) => serialised(file, work) });
  let db: WritableDb | null = null;
  try {
    db = openWritableStore(file, { create: isNew });
    await layOut(folder, db, clock);
    return await settle(folder, db, lock, clock);
  } catch (error) {
    db?.close();
    if (isNew) removeNew(folder, madeFolder);
    lock.release();
    throw error;
  }
}

/** Makes what is missing: all of it in a new workspace, the rest in one whose making was cut off. */
async function layOut(folder: string, db: WritableDb, clock: Clock): Promise<void> {
  for (const name of ['blobs', 'packs']) await makeFolder(join(folder, name));
  if (countAudit(db) === 0) appendAudit(db, clock.now(), { event: 'workspace-created' });
}

async function settle(folder: string, db: WritableDb, lock: WorkspaceLock, clock: Clock): Promise<Workspace> {
  const blobs = new BlobStore(join(folder, 'blobs'));
  const recovered = {
    tookOverLock: lock.tookOver,
    straysRemoved: (await blobs.sweepStrays()) + sweepLocks(folder) + settleExports(db, clock),
    interruptedRuns: [] as string[],
  };
  const close = (): void => {
    db.close();
    lock.release();
  };
  const workspace: Workspace = { ...layout(folder), db, blobs, recovered, close };
  recovered.interruptedRuns = interruptCrashedRuns(workspace, clock);
  return workspace;
}

function sweepLocks(folder: string): number {
  const strays = strayLocks(folder);
  for (const file of strays) rmSync(file, { force: true });
  return strays.length;
}

function layout(folder: string): { folder: string; packsFolder: string } {
  return { folder, packsFolder: join(folder, 'packs') };
}

/** Runs work while no other process holds the database's write lock. */
function serialised(file: string, work: () => void): void {
  const db = connectWritable(file, false);
  try {
    db.transaction(work);
  } finally {
    db.close();
  }
}

/** Takes back what a failed creation left. */
function removeNew(folder: string, madeFolder: boolean): void {
  if (madeFolder) {
    rmSync(folder, { recursive: true, force: true });
    return;
  }
  for (const name of ['', '-wal', '-shm', '-journal'])
    rmSync(join(folder, DATABASE_NAME + name), { force: true });
}

function assertExists(folder: string): void {
  if (isWorkspace(folder)) return;
  throw new AppError(
    'not-found',
    existsSync(folder) ? 'there is no workspace in this folder' : 'there is no such folder',
    {
      file: folder,
      hint: 'Make a workspace with "flawsmith init --workspace FOLDER", or name an existing one with --workspace.',
    },
  );
}
