// Asks SQLite whether the database file is sound.

import type { ReadableDb } from './database.ts';

/** One sentence per finding; empty when the file is sound and no reference dangles. */
export function checkIntegrity(db: ReadableDb): string[] {
  const findings: string[] = [];
  const rows = db.pragma('integrity_check(20)') as { integrity_check: string }[];
  for (const row of rows) {
    if (row.integrity_check !== 'ok') findings.push(row.integrity_check);
  }
  const dangling = db.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[];
  for (const row of dangling.slice(0, 20)) {
    findings.push(`row ${row.rowid} of ${row.table} points at a missing row of ${row.parent}`);
  }
  return findings;
}
