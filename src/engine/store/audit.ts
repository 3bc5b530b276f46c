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

export function countAudit(db: ReadableDb): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM audit')!.n;
}

export function listAudit(db: ReadableDb): AuditEntry[] {
  return db.all<AuditEntry>(`${SELECT} ORDER BY seq`);
}

/** The last entries, oldest first. */
export function listLastAudit(db: ReadableDb, count: number): AuditEntry[] {
  return db.all<AuditEntry>(`${SELECT} ORDER BY seq DESC LIMIT ?`, count).reverse();
}

/** How many entries there are and the hash of the last: noted elsewhere, it proves later that none was taken away. */
export interface AuditHead {
  entries: number;
  hash: string;
}

export function auditHead(db: ReadableDb): AuditHead {
  const last = db.get<AuditEntry>(`${SELECT} ORDER BY seq DESC LIMIT 1`);
  return { entries: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
}

/** The first thing that is wrong with the log. */
export interface AuditProblem {
  /** The entry where it shows. */
  seq: number;
  /** What was done to it, as a sentence. */
  what: string;
}

/**
 * Checks every entry, the chain, and its end against the head the database keeps and, if given, one noted elsewhere
 * (a longer log still holds the entry that was noted). Null when all of it holds.
 */
export function findAuditProblem(db: ReadableDb, noted: AuditHead | null = null): AuditProblem | null {
  const entries = listAudit(db);
  return findBrokenLink(entries) ?? findCutEnd(db, entries) ?? findOther(entries, noted);
}

/** Number of the entry where the log is broken; null when it holds. */
export function findBrokenAuditEntry(db: ReadableDb): number | null {
  return findAuditProblem(db)?.seq ?? null;
}

function findBrokenLink(entries: readonly AuditEntry[]): AuditProblem | null {
  let before = GENESIS;
  for (const [i, entry] of entries.entries()) {
    const seq = i + 1;
    if (entry.seq !== seq) return { seq, what: `entry ${seq} is missing` };
    if (entry.hash !== entryHash(entry.seq, entry.time, entry.event, entry.prevHash)) {
      return { seq, what: `entry ${seq} was changed` };
    }
    if (entry.prevHash !== before) {
      return { seq, what: `entry ${seq} does not follow the one before it: they were exchanged or replaced` };
    }
    before = entry.hash;
  }
  return null;
}

function findCutEnd(db: ReadableDb, entries: readonly AuditEntry[]): AuditProblem | null {
  const head = db.get<AuditHead>('SELECT entries, hash FROM audit_head');
  const seq = entries.length + 1;
  if (head === undefined) return { seq, what: "the record of the log's end was removed" };
  if (head.entries > entries.length) {
    return { seq, what: `the last ${head.entries - entries.length} of ${head.entries} entries are missing` };
  }
  const isEnd = head.entries === entries.length && head.hash === (entries.at(-1)?.hash ?? GENESIS);
  return isEnd
    ? null
    : { seq: head.entries + 1, what: 'entries were added at the end without being recorded' };
}

function findOther(entries: readonly AuditEntry[], noted: AuditHead | null): AuditProblem | null {
  if (noted === null || noted.entries === 0) return null;
  const entry = entries[noted.entries - 1];
  const seq = noted.entries;
  if (entry === undefined) return { seq, what: `entry ${seq}, which was noted elsewhere, is missing` };
  return entry.hash === noted.hash
    ? null
    : { seq, what: `entry ${seq} is not the one that was noted elsewhere` };
}

function entryHash(seq: number, time: number, event: string, prevHash: string): string {
  return createHash('sha256').update(`${seq}\n${time}\n${prevHash}\n${event}`).digest('hex');
}
