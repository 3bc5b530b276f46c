// Append-only log of what was done to a workspace; each entry's hash covers the one before it.

import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../core/domain/json.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface AuditEntry {
  seq: number;
  time: number;
  /** Canonical JSON of what happened. */
  event: string;
  prevHash: string;
  hash: string;
}

const GENESIS = '0'.repeat(64);
const SELECT = 'SELECT seq, time, event, prev_hash AS prevHash, hash FROM audit';

/** Appends an entry; call it in the transaction that makes the change it tells about. */
export function appendAudit(db: WritableDb, time: number, event: JsonObject): AuditEntry {
  const last = db.get<AuditEntry>(`${SELECT} ORDER BY seq DESC LIMIT 1`);
  const seq = (last?.seq ?? 0) + 1;
  const prevHash = last?.hash ?? GENESIS;
  const text = canonicalJson(event);
  const hash = entryHash(seq, time, text, prevHash);
  db.run(
    'INSERT INTO audit (seq, time, event, prev_hash, hash) VALUES (?, ?, ?, ?, ?)',
    seq,
    time,
    text,
    prevHash,
    hash,
  );
  return { seq, time, event: text, prevHash, hash };
}

export function listAudit(db: ReadableDb): AuditEntry[] {
  return db.all<AuditEntry>(`${SELECT} ORDER BY seq`);
}

/** Number of the first entry that was altered, is missing or was inserted later; null when the chain holds. */
export function findBrokenAuditEntry(db: ReadableDb): number | null {
  let expectedSeq = 1;
  let prevHash = GENESIS;
  for (const entry of listAudit(db)) {
    const fits = entry.seq === expectedSeq && entry.prevHash === prevHash;
    if (!fits || entry.hash !== entryHash(entry.seq, entry.time, entry.event, entry.prevHash))
      return expectedSeq;
    prevHash = entry.hash;
    expectedSeq++;
  }
  return null;
}

function entryHash(seq: number, time: number, event: string, prevHash: string): string {
  return createHash('sha256').update(`${seq}\n${time}\n${prevHash}\n${event}`).digest('hex');
}
