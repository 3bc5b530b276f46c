// Is the database sound, are its settings ours, and do its rows agree with each other?

import { canonicalJson } from '../../../core/domain/json.ts';
import { sha256 } from '../../blobs/blob-reader.ts';
import { identityHash } from '../../runs/run-manager.ts';
import { findAuditProblem } from '../../store/audit.ts';
import type { ReadableDb } from '../../store/database.ts';
import { listGenerations } from '../../store/generations.ts';
import { checkIntegrity } from '../../store/integrity.ts';
import { listRuns, type RunRow } from '../../store/runs.ts';
import { findTokenSet } from '../../store/token-sets.ts';
import type { ReadableWorkspace } from '../../workspace.ts';
import type { Report } from './report.ts';

/** File, references, audit log and settings. */
export function checkDatabase({ db }: ReadableWorkspace, report: Report): void {
  for (const finding of checkIntegrity(db)) report('error', `the database is damaged: ${finding}`, db.file);
  const problem = findAuditProblem(db);
  if (problem !== null) report('error', `the audit log was altered: ${problem.what}`, db.file);
  const mode = db.pragmaValue('journal_mode');
  // A copy in memory (a write-protected medium) has none of its own.
  if (mode !== 'wal' && mode !== 'memory')
    report('note', `the database is in the mode "${mode}"; the next writing turns it back to "wal"`, db.file);
}

/** Every finished run has what it was to make, and what is stored about it is what was stored then. */
export function checkResults(db: ReadableDb, report: Report): void {
  try {
    checkEachRun(db, report);
  } catch (error) {
    // Text that was JSON when it was stored.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    report('error', `a stored run or picture cannot be read: ${error.message}`, db.file);
  }
}

function checkEachRun(db: ReadableDb, report: Report): void {
  for (const run of listRuns(db)) {
    if (identityHash(run.identityParts) !== run.identity)
      report('error', `run ${run.id} was altered: its identity no longer fits its parts`);
    if (run.kind === 'generate') checkPictures(db, run, report);
    else if (run.state.state === 'done' && findTokenSet(db, run.id) === undefined)
      report('error', `run ${run.id} is done, but what it learned is missing`);
  }
}

function checkPictures(db: ReadableDb, run: RunRow, report: Report): void {
  const places = new Set<number>();
  for (const picture of listGenerations(db, { runId: run.id })) {
    places.add(picture.index);
    if (sha256(canonicalJson(picture.recipe)) !== picture.recipeHash)
      report('error', `the recipe of generated picture ${picture.id} was altered`);
  }
  if (run.state.state !== 'done') return;
  for (let i = 0; i < Number(run.params.count); i++) {
    if (!places.has(i)) report('error', `run ${run.id} is done, but its picture ${i} is missing`);
  }
}
