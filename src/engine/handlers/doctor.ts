// workspace.doctor: looks for damage and leftovers; mends only what loses nothing.

import { AppError } from '../../core/base/errors.ts';
import { BlobStore } from '../blobs/blob-store.ts';
import type { EngineContext } from '../engine-context.ts';
import type { Clock } from '../ids.ts';
import { appendAudit, findBrokenAuditEntry } from '../store/audit.ts';
import { listBlobReferences } from '../store/blob-references.ts';
import { checkIntegrity } from '../store/integrity.ts';
import { listRunsInState } from '../store/runs.ts';
import type { ReadableWorkspace, Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { progressOf } from './progress.ts';

interface Findings {
  errors: number;
  notes: number;
  repaired: number;
}

/**
 * Without `repair`, nothing is written and no lock is taken. With it, unfinished writes and files that no row points at
 * are removed, the latter only while the database itself is sound: after damage they may be all that is left.
 */
export async function doctor(context: EngineContext, input: { repair: boolean }, call: Call) {
  if (!input.repair) return context.reading((workspace) => examine(workspace, null, context, call));
  const workspace = await context.writable();
  return examine(workspace, workspace, context, call);
}

async function examine(
  workspace: ReadableWorkspace,
  writable: Workspace | null,
  context: EngineContext,
  call: Call,
) {
  const findings: Findings = { errors: 0, notes: 0, repaired: 0 };
  const report = (
    level: 'error' | 'note',
    what: string,
    file: string | null = null,
    repaired = false,
  ): void => {
    findings[level === 'error' ? 'errors' : 'notes']++;
    if (repaired) findings.repaired++;
    call.emit({ event: 'finding', level, what, file, repaired });
  };

  checkDatabase(workspace, report);
  const sound = findings.errors === 0;
  const blobs = await checkBlobs(workspace, context.clock, call, report);
  await checkOrphans(workspace, sound ? writable : null, report);
  await checkStrays(workspace, writable, report);
  const interruptedRuns = checkRuns(workspace, report);

  if (writable !== null && findings.repaired > 0) {
    appendAudit(writable.db, context.clock.now(), { event: 'doctor-repaired', count: findings.repaired });
  }
  if (findings.errors > 0) {
    throw new AppError(
      'corrupt',
      `${findings.errors} thing${findings.errors === 1 ? ' is' : 's are'} damaged in this workspace`,
      {
        file: workspace.folder,
        hint: 'Import the same folders again to put damaged pictures back; for the rest use a backup of this folder.',
      },
    );
  }
  return { healthy: true, blobs, notes: findings.notes, repaired: findings.repaired, interruptedRuns };
}

type Report = (level: 'error' | 'note', what: string, file?: string | null, repaired?: boolean) => void;

function checkDatabase(workspace: ReadableWorkspace, report: Report): void {
  for (const finding of checkIntegrity(workspace.db))
    report('error', `the database is damaged: ${finding}`, workspace.db.file);
  const broken = findBrokenAuditEntry(workspace.db);
  if (broken !== null)
    report('error', `the audit log was altered or cut at entry ${broken}`, workspace.db.file);
}

async function checkBlobs(
  workspace: ReadableWorkspace,
  clock: Clock,
  call: Call,
  report: Report,
): Promise<number> {
  const uses = new Map<string, string>();
  for (const { blob, what } of listBlobReferences(workspace.db)) if (!uses.has(blob)) uses.set(blob, what);
  const progress = progressOf(call, clock, 'check files');
  let done = 0;
  for (const [blob, what] of uses) {
    call.signal.throwIfAborted();
    const condition = await workspace.blobs.verify(blob);
    if (condition !== 'ok') {
      const state = condition === 'missing' ? 'missing' : 'damaged';
      report('error', `the ${what} is ${state}`, workspace.blobs.path(blob));
    }
    progress(++done, uses.size);
  }
  return uses.size;
}

async function checkOrphans(
  workspace: ReadableWorkspace,
  writable: Workspace | null,
  report: Report,
): Promise<void> {
  const used = new Set(listBlobReferences(workspace.db).map((reference) => reference.blob));
  for await (const blob of workspace.blobs.list()) {
    if (used.has(blob)) continue;
    await writable?.blobs.remove(blob);
    report('note', 'a file that nothing uses', workspace.blobs.path(blob), writable !== null);
  }
}

async function checkStrays(
  workspace: ReadableWorkspace,
  writable: Workspace | null,
  report: Report,
): Promise<void> {
  if (writable !== null) {
    // Opening for writing has already swept them; tell about it.
    for (let i = 0; i < writable.recovered.straysRemoved; i++)
      report('note', 'an unfinished write', null, true);
    return;
  }
  for (const file of await new BlobStore(workspace.blobs.folder).listStrays())
    report('note', 'an unfinished write', file);
}

function checkRuns(workspace: ReadableWorkspace, report: Report): string[] {
  const interrupted = listRunsInState(workspace.db, 'interrupted');
  for (const run of interrupted) {
    report(
      'note',
      `${run.kind} run ${run.id} was interrupted; continue it with: flawsmith ${run.kind} --resume ${run.id}`,
    );
  }
  return interrupted.map((run) => run.id);
}
