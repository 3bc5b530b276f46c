// review.decide and review.list: which generated pictures are good, decided one by one or by rule.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { appendAudit } from '../store/audit.ts';
import type { ReadableDb } from '../store/database.ts';
import {
  type GenerationWithStatus,
  getGeneration,
  listGenerations,
  type ReviewStatus,
} from '../store/generations.ts';
import { insertReviewStep } from '../store/review-steps.ts';
import { countByStatus, type Decision, insertReview } from '../store/reviews.ts';
import { chooseProduct } from './choose-product.ts';

export interface RuleSelection {
  where: 'all' | 'flagged' | 'unflagged' | 'flag';
  flag?: string;
  product?: string;
  run?: string;
  redecide: boolean;
}

export interface DecideInput {
  decision: Decision;
  reason?: string;
  select: { ids: string[] } | RuleSelection;
}

export async function decide(context: EngineContext, input: DecideInput) {
  const { db } = await context.writable();
  const at = context.clock.now();
  const rule = 'ids' in input.select ? null : describeRule(input.select);
  const chosen = 'ids' in input.select ? byIds(db, input.select.ids) : byRule(db, input.select);
  db.transaction(() => {
    const { decision, reason = null } = input;
    for (const [productId, pictures] of byProduct(chosen)) {
      const numbers = pictures.map(({ id }) =>
        insertReview(db, { generationId: id, decision, reason, rule, createdAt: at }),
      );
      const what = {
        kind: 'decide',
        decision,
        count: numbers.length,
        first: numbers[0],
        last: numbers.at(-1)!,
      } as const;
      insertReviewStep(db, productId, what, at);
    }
    if (chosen.length > 0) {
      appendAudit(db, at, { event: 'reviewed', decision, reason, rule, count: chosen.length });
    }
  });
  const totals = { accepted: 0, rejected: 0, undecided: 0 };
  for (const productId of new Set(chosen.map((picture) => picture.productId))) {
    const counts = countByStatus(db, productId);
    for (const key of ['accepted', 'rejected', 'undecided'] as const) totals[key] += counts[key];
  }
  return { decided: chosen.length, ...totals };
}

export async function listPictures(
  context: EngineContext,
  input: { product?: string; run?: string; status?: ReviewStatus },
) {
  return context.reading(({ db }) => {
    const productId = input.product === undefined ? undefined : chooseProduct(db, input.product).id;
    const rows = listGenerations(db, { productId, runId: input.run, status: input.status });
    return { pictures: rows.map(toReviewed) };
  });
}

export async function getReviewed(context: EngineContext, { id }: { id: string }) {
  return context.reading(({ db }) => toReviewed(findGenerated(db, id)));
}

/** Throws `not-found`. */
export function findGenerated(db: ReadableDb, id: string): GenerationWithStatus {
  const row = getGeneration(db, id);
  if (row !== undefined) return row;
  throw new AppError('not-found', `there is no generated picture ${id} in this workspace`, {
    hint: 'List them with: flawsmith review --list',
  });
}

export function toReviewed(row: GenerationWithStatus) {
  const {
    id,
    runId,
    index,
    generator,
    type,
    status,
    reason,
    flags,
    checks,
    width,
    height,
    repairs,
    createdAt,
  } = row;
  return {
    ...{
      id,
      runId,
      index,
      generator,
      type,
      status,
      reason,
      flags,
      checks,
      width,
      height,
      repairs,
      createdAt,
    },
    hasMask: row.maskBlob !== null,
    label: row.label,
    source: row.sourceImageId,
    sourceUse: row.sourceUse,
  };
}

function byProduct(pictures: readonly GenerationWithStatus[]): Map<string, GenerationWithStatus[]> {
  return Map.groupBy(pictures, (picture) => picture.productId);
}

function byIds(db: ReadableDb, ids: readonly string[]): GenerationWithStatus[] {
  return [...new Set(ids)].map((id) => {
    const picture = getGeneration(db, id);
    if (picture !== undefined) return picture;
    throw new AppError(
      'not-found',
      `there is no generated picture ${id} in this workspace; nothing was decided`,
      {
        hint: 'List them with: flawsmith review --list',
      },
    );
  });
}

function byRule(db: ReadableDb, rule: RuleSelection): GenerationWithStatus[] {
  const productId = rule.product === undefined ? undefined : chooseProduct(db, rule.product).id;
  const rows = listGenerations(db, {
    productId,
    runId: rule.run,
    status: rule.redecide ? undefined : 'undecided',
  });
  return rows.filter((row) => matches(row.flags, rule));
}

function matches(flags: readonly string[], rule: RuleSelection): boolean {
  switch (rule.where) {
    case 'all':
      return true;
    case 'flagged':
      return flags.length > 0;
    case 'unflagged':
      return flags.length === 0;
    case 'flag':
      return flags.includes(rule.flag!);
  }
}

function describeRule(rule: RuleSelection): string {
  return rule.where === 'flag' ? `flag ${rule.flag}` : rule.where;
}
