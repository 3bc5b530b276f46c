// review.steps, undo and redo: the reviewer's actions, taken back in their order also after a restart.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { appendAudit } from '../store/audit.ts';
import type { ReadableDb, WritableDb } from '../store/database.ts';
import { addRepair, versionAt } from '../store/repairs.ts';
import {
  firstUndone,
  lastDone,
  markStep,
  type ReviewStepRow,
  type ReviewStepWork,
} from '../store/review-steps.ts';
import { decisionBefore, insertReview, type ReviewRow, reviewsBetween } from '../store/reviews.ts';
import { chooseProduct } from './choose-product.ts';

interface Asked {
  product?: string;
}

export async function reviewSteps(context: EngineContext, input: Asked) {
  return context.reading(({ db }) => nextSteps(db, chooseProduct(db, input.product).id));
}

export function undoReview(context: EngineContext, input: Asked) {
  return move(context, input, 'undo');
}

export function redoReview(context: EngineContext, input: Asked) {
  return move(context, input, 'redo');
}

async function move(context: EngineContext, input: Asked, way: 'undo' | 'redo') {
  const { db } = await context.writable();
  const productId = chooseProduct(db, input.product).id;
  const step = way === 'undo' ? lastDone(db, productId) : firstUndone(db, productId);
  if (step === undefined) {
    throw new AppError(
      'usage',
      way === 'undo' ? 'there is nothing to take back' : 'there is nothing to do again',
    );
  }
  const at = context.clock.now();
  const changed = db.transaction(() => {
    const { what, ids } = apply(db, step, way, at);
    markStep(db, step.seq, way === 'undo' ? 'undone' : 'done', what);
    appendAudit(db, at, { event: `review-${way}`, step: step.seq, count: ids.length });
    return ids;
  });
  return { ...nextSteps(db, productId), changed };
}

function apply(
  db: WritableDb,
  { what }: ReviewStepRow,
  way: 'undo' | 'redo',
  at: number,
): { what: ReviewStepWork; ids: string[] } {
  if (what.kind === 'repair') {
    const target = way === 'undo' ? what.from : what.to;
    addRepair(db, what.generation, versionAt(db, what.generation, target), at);
    return { what, ids: [what.generation] };
  }
  const rows = reviewsBetween(db, what.first, what.last);
  for (const row of rows) {
    const before = way === 'redo' ? row : decisionBefore(db, row.generationId, what.first);
    insertReview(db, restored(row.generationId, before, way, at));
  }
  const ids = rows.map((row) => row.generationId);
  if (what.made === undefined) return { what, ids };
  // The picture that took the old one's place goes when the old one comes back.
  const decision = way === 'undo' ? ('reject' as const) : ('reset' as const);
  const reason = way === 'undo' ? 'replaced' : null;
  insertReview(db, { generationId: what.made, decision, reason, rule: way, createdAt: at });
  return { what, ids: [...ids, what.made] };
}

function restored(
  generationId: string,
  before: ReviewRow | undefined,
  way: 'undo' | 'redo',
  at: number,
): ReviewRow {
  const { decision = 'reset', reason = null } = before ?? {};
  return { generationId, decision, reason, rule: way, createdAt: at };
}

function nextSteps(db: ReadableDb, productId: string) {
  return { undo: describe(lastDone(db, productId)), redo: describe(firstUndone(db, productId)) };
}

function describe(step: ReviewStepRow | undefined) {
  if (step === undefined) return null;
  const { seq, what } = step;
  if (what.kind === 'repair') return { seq, kind: 'repair' as const, pictures: 1 };
  return { seq, kind: what.decision, pictures: what.count };
}
