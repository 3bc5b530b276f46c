// All schema changes in the order they run.

import type { Migration } from '../migration.ts';
import { initial } from './010-initial.ts';
import { runs } from './020-runs.ts';
import { generations } from './030-generations.ts';

export const MIGRATIONS: readonly Migration[] = [initial, runs, generations];
