// What the window remembers per workspace: values by name.

import type { ReadableDb, WritableDb } from './database.ts';

export function listUiState(db: ReadableDb): Record<string, unknown> {
  const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM ui_state ORDER BY key');
  return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value)]));
}

export function putUiState(db: WritableDb, key: string, value: unknown): void {
  db.run(
    'INSERT INTO ui_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    JSON.stringify(value),
  );
}
