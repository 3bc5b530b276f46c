// All schema changes in the order they run.

import type { Migration } from '../migration.ts';
import { initial } from './010-initial.ts';
import { runs } from './020-runs.ts';
import { generations } from './030-generations.ts';
import { auditHead } from './040-audit-head.ts';
import { unfinishedExports } from './050-unfinished-exports.ts';
import { imageTypes } from './060-image-types.ts';
import { uiState } from './070-ui-state.ts';
import { labels } from './090-labels.ts';
import { reviewWork } from './100-review-work.ts';
import { splits } from './110-splits.ts';
import { trainingWatch } from './120-training-watch.ts';
import { proofs } from './130-proofs.ts';
import { weakLabels } from './140-weak-labels.ts';

export const MIGRATIONS: readonly Migration[] = [
  initial,
  runs,
  generations,
  auditHead,
  unfinishedExports,
  imageTypes,
  uiState,
  labels,
  reviewWork,
  splits,
  trainingWatch,
  proofs,
  weakLabels,
];
