// An export lies outside the workspace, where a kill may cut it off: its beginning is noted first, and the next opening
// removes what was half-written, or records what was complete but not noted any more.

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { JsonObject } from '../../core/domain/json.ts';
import { partialPrefix } from '../blobs/partial-name.ts';
import type { Clock } from '../ids.ts';
import { appendAudit } from '../store/audit.ts';
import type { WritableDb } from '../store/database.ts';
import { insertExport } from '../store/exports.ts';
import { getProduct } from '../store/products.ts';
import {
  deleteUnfinishedExport,
  insertUnfinishedExport,
  listUnfinishedExports,
  type UnfinishedExport,
} from '../store/unfinished-exports.ts';

/** The file that an export writes last. */
const LAST_FILE = 'SHA256SUMS';

/** Notes that an export begins. Returns its id, or null where the folder is there already and will be refused. */
export function noteExport(
  db: WritableDb,
  clock: Clock,
  what: { productId: string; format: string; folder: string; counts: JsonObject },
): string | null {
  const folder = resolve(what.folder);
  if (existsSync(folder)) return null;
  const id = clock.newId();
  const row = { ...what, id, folder, others: partialsOf(folder), createdAt: clock.now() };
  db.transaction(() => insertUnfinishedExport(db, row));
  return id;
}

/** Clears up after exports whose process went away. Returns how many half-written ones were removed. */
export function settleExports(db: WritableDb, clock: Clock): number {
  let removed = 0;
  for (const row of listUnfinishedExports(db)) {
    try {
      if (existsSync(dirname(row.folder))) removed += settleOne(db, clock, row);
    } catch {
      // The drive is write-protected or gone: what is noted stays noted, for the next time.
    }
  }
  return removed;
}

function settleOne(db: WritableDb, clock: Clock, row: UnfinishedExport): number {
  const ours = partialsOf(row.folder).filter((name) => !row.others.includes(name));
  for (const name of ours) rmSync(join(dirname(row.folder), name), { recursive: true, force: true });
  const sums = join(row.folder, LAST_FILE);
  const isComplete = ours.length === 0 && existsSync(sums);
  db.transaction(() => {
    deleteUnfinishedExport(db, row.id);
    if (isComplete) recordLate(db, clock, row, sizeOf(row.folder, readFileSync(sums, 'utf8')));
  });
  return ours.length;
}

function recordLate(
  db: WritableDb,
  clock: Clock,
  row: UnfinishedExport,
  size: { files: number; bytes: number },
): void {
  const { id, productId, format, folder, createdAt } = row;
  const summary = { ...size, ...row.counts };
  insertExport(db, { id, productId, format, folder, summary, createdAt });
  const product = getProduct(db, productId)!.name;
  appendAudit(db, clock.now(), { event: 'exported', product, format, ...summary, recordedLate: true });
}

function sizeOf(folder: string, sums: string): { files: number; bytes: number } {
  const names = sums.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(line.indexOf('  ') + 2)]));
  const files = [LAST_FILE, ...names].map((name) => statSync(join(folder, name)).size);
  return { files: files.length, bytes: files.reduce((sum, size) => sum + size, 0) };
}

function partialsOf(folder: string): string[] {
  const parent = dirname(folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent).filter((name) => name.startsWith(partialPrefix(folder)));
}
