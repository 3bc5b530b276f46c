// The shape of a numbered schema change; docs/guides/add-a-migration.md tells how to add one.

import type { WritableDb } from './database.ts';

export interface Migration {
  /** Strictly increasing, in steps of ten. */
  readonly version: number;
  readonly name: string;
  /** Runs inside a transaction with foreign keys off; they are checked before it commits. */
  up(db: WritableDb): void;
}
