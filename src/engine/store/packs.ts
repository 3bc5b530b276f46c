// Base packs that runs have used, remembered by the hash of their content.

import type { ReadableDb, WritableDb } from './database.ts';

export type PackKind = 'embedded' | 'workspace' | 'folder';

export interface PackRow {
  id: string;
  name: string;
  kind: PackKind;
  /** Where it was last seen; the hash, not the path, says which pack it is. */
  path: string;
  hash: string;
  createdAt: number;
}

const SELECT = 'SELECT id, name, kind, path, hash, created_at AS createdAt FROM packs';

export function listUsedPacks(db: ReadableDb): PackRow[] {
  return db.all<PackRow>(`${SELECT} ORDER BY created_at, id`);
}

export function getPack(db: ReadableDb, id: string): PackRow | undefined {
  return db.get<PackRow>(`${SELECT} WHERE id = ?`, id);
}

/** Remembers a pack and where it lies now; returns its id. */
export function rememberPack(db: WritableDb, pack: PackRow): string {
  const known = db.get<PackRow>(`${SELECT} WHERE hash = ?`, pack.hash);
  if (known !== undefined) {
    db.run(
      'UPDATE packs SET path = ?, kind = ?, name = ? WHERE id = ?',
      pack.path,
      pack.kind,
      pack.name,
      known.id,
    );
    return known.id;
  }
  db.run(
    'INSERT INTO packs (id, name, kind, path, hash, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    pack.id,
    pack.name,
    pack.kind,
    pack.path,
    pack.hash,
    pack.createdAt,
  );
  return pack.id;
}
