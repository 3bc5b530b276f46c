// What must hold in a trial's folder after a kill, and again after what was cut off has been brought to its end.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/engine/ids.ts';
import { findBrokenAuditEntry } from '../../src/engine/store/audit.ts';
import { listBlobReferences } from '../../src/engine/store/blob-references.ts';
import { listCheckpoints } from '../../src/engine/store/checkpoints.ts';
import type { ReadableDb } from '../../src/engine/store/database.ts';
import { getGeneration } from '../../src/engine/store/generations.ts';
import { checkIntegrity } from '../../src/engine/store/integrity.ts';
import { getRun } from '../../src/engine/store/runs.ts';
import {
  isWorkspace,
  openWorkspace,
  openWorkspaceForReading,
  type ReadableWorkspace,
} from '../../src/engine/workspace.ts';
import type { CliEvent } from './process.ts';
import { WORKSPACE } from './scene.ts';

/** Rows that no command may take away or change once they are there. */
const KEPT = [
  'products',
  'defect_types',
  'images',
  'annotations',
  'packs',
  'token_sets',
  'token_set_files',
  'generations',
  'reviews',
  'exports',
  'audit',
];

/** Every row of those tables as text. */
export function keptRows(db: ReadableDb): Set<string> {
  const rows = KEPT.flatMap((table) => db.all(`SELECT '${table}' AS "table", * FROM ${table}`));
  return new Set(rows.map((row) => JSON.stringify(row)));
}

export interface Opened {
  readonly failures: string[];
  readonly recovered: { tookOverLock: boolean; straysRemoved: number; interruptedRuns: number };
}

/**
 * Opens the workspace as the next command does, and looks at everything that was in it before the kill. Null where
 * there is no workspace yet: it was being made.
 */
export async function checkAfterKill(
  trial: string,
  before: ReadonlySet<string>,
  said: readonly CliEvent[],
): Promise<Opened | null> {
  const folder = join(trial, WORKSPACE);
  if (!isWorkspace(folder)) return null;
  // A person may look before anything is put right.
  if (before.size > 0) openWorkspaceForReading(folder).close();
  const workspace = await openWorkspace(folder, { clock: systemClock() });
  try {
    const { tookOverLock, straysRemoved, interruptedRuns } = workspace.recovered;
    const failures = [
      ...(await checkSound(workspace)),
      ...checkKept(workspace.db, before),
      ...checkSaid(workspace.db, said),
    ];
    return { failures, recovered: { tookOverLock, straysRemoved, interruptedRuns: interruptedRuns.length } };
  } finally {
    workspace.close();
  }
}

/** Database, audit log and every blob that a row points at. */
export async function checkSound({ db, blobs }: ReadableWorkspace): Promise<string[]> {
  const failures = checkIntegrity(db).map((finding) => `integrity: ${finding}`);
  const broken = findBrokenAuditEntry(db);
  if (broken !== null) failures.push(`the audit log breaks at entry ${broken}`);
  for (const { blob, what } of listBlobReferences(db)) {
    const condition = await blobs.verify(blob);
    if (condition !== 'ok') failures.push(`the ${what} is ${condition}`);
  }
  return failures;
}

export function checkKept(db: ReadableDb, before: ReadonlySet<string>): string[] {
  const now = keptRows(db);
  return [...before].filter((row) => !now.has(row)).map((row) => `lost or changed: ${row.slice(0, 160)}`);
}

/** What the killed process had reported as stored is stored. */
function checkSaid(db: ReadableDb, said: readonly CliEvent[]): string[] {
  const failures: string[] = [];
  for (const event of said) {
    const run = typeof event.runId === 'string' ? getRun(db, event.runId) : undefined;
    if (event.event === 'run' && run === undefined)
      failures.push(`run ${event.runId} was reported and is gone`);
    if (event.event === 'picture' && getGeneration(db, event.id as string)?.index !== event.index)
      failures.push(`picture ${event.index} was reported and is gone`);
    if (event.event === 'checkpoint' && run?.state.state !== 'done') {
      const step = listCheckpoints(db, event.runId as string)[0]?.step ?? -1;
      if (step < (event.step as number))
        failures.push(`checkpoint ${event.step} was reported, ${step} is there`);
    }
    if (event.event === 'run-end' && run?.state.state !== 'done')
      failures.push('a run was reported done and is not');
  }
  return failures;
}

/** Names in a trial's folder that are neither the workspace's own nor asked for. */
export function strayFiles(trial: string, asked: readonly string[]): string[] {
  const own =
    /^parts$|^parts\/(flawsmith\.db(-wal|-shm)?|packs|blobs(\/tmp|\/[0-9a-f]{2}(\/[0-9a-f]{2}(\/[0-9a-f]{64})?)?)?)$/;
  const isAsked = (path: string) => asked.some((name) => path === name || path.startsWith(`${name}/`));
  return readdirSync(trial, { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => !own.test(path) && !(isAsked(path) && !/partial|tmp/.test(path)));
}

/** Blobs that no row points at. */
export async function orphans(workspace: ReadableWorkspace): Promise<string[]> {
  const used = new Set(listBlobReferences(workspace.db).map((reference) => reference.blob));
  const found: string[] = [];
  for await (const blob of workspace.blobs.list()) if (!used.has(blob)) found.push(blob);
  return found;
}
