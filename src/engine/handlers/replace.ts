// generation.replace: another picture in the place of one that a reviewer did not like.

import type { RunLengths } from '../../contract/methods/generation.ts';
import { AppError, invariant } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import type { DeviceChoice } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { type GenerationWithStatus, getGeneration, listGenerations } from '../store/generations.ts';
import { getImage } from '../store/images.ts';
import { getProduct } from '../store/products.ts';
import { insertReviewStep } from '../store/review-steps.ts';
import { insertReview } from '../store/reviews.ts';
import { getRun } from '../store/runs.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { generate } from './generate.ts';
import type { GenerateParams, NewGeneration } from './generate-request.ts';
import { storePlacementMask } from './placement-paint.ts';

export interface ReplaceInput {
  id: string;
  seed: number;
  mask?: RunLengths;
  device?: DeviceChoice;
}

export async function replacePicture(context: EngineContext, input: ReplaceInput, call: Call) {
  const workspace = await context.writable();
  const old = getGeneration(workspace.db, input.id);
  if (old === undefined) {
    throw new AppError('not-found', `there is no generated picture ${input.id} in this workspace`);
  }
  const { runId } = await generate(context, await requestLike(context, workspace, old, input), call);
  const made = listGenerations(workspace.db, { runId })[0];
  invariant(made !== undefined, 'the run made no picture');
  markReplaced(context, workspace, old, made.id);
  return { runId, id: made.id, replaced: old.id, flags: made.flags };
}

async function requestLike(
  context: EngineContext,
  workspace: Workspace,
  old: GenerationWithStatus,
  { seed, mask, device }: ReplaceInput,
): Promise<NewGeneration> {
  const params = getRun(workspace.db, old.runId)!.params as unknown as GenerateParams;
  const { generator, type, attributes, variation, masks, tokenSet, shots, shotSeed, placement } = params;
  const product = getProduct(workspace.db, old.productId)!.name;
  const again: NewGeneration = {
    generator,
    count: 1,
    seed,
    product,
    masks,
    shotSeed,
    ...(type !== null && { type }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(variation !== null && { variation }),
    ...(tokenSet !== null && { tokenSet }),
    ...(shots !== null && { shots }),
    ...(placement !== undefined && { placement }),
    ...(old.sourceImageId !== null && { sources: [old.sourceImageId] }),
    ...(device !== undefined && { device }),
  };
  return mask === undefined ? again : insideMask(context, workspace, old, again, mask);
}

/** Drawn by the model inside the mask, on the same good picture. */
async function insideMask(
  context: EngineContext,
  workspace: Workspace,
  old: GenerationWithStatus,
  again: NewGeneration,
  mask: RunLengths,
): Promise<NewGeneration> {
  const image =
    old.sourceUse === 'source' && old.sourceImageId !== null
      ? getImage(workspace.db, old.sourceImageId)
      : null;
  if (!image) {
    throw new AppError(
      'usage',
      'this picture was not made on a good picture, so no place in it can be drawn again',
      {
        hint: 'Make it again as a whole.',
      },
    );
  }
  const painted = await storePlacementMask(context, workspace, { use: 'mask', image, mask });
  const { variation: _v, sources: _s, ...rest } = again;
  const strength = again.placement?.strength ?? 1;
  return {
    ...rest,
    generator: 'windows',
    masks: 'real',
    placement: { where: { kind: 'mask', mask: painted.id }, size: 1, defects: 1, strength },
  };
}

function markReplaced(
  { clock }: EngineContext,
  { db }: Workspace,
  old: GenerationWithStatus,
  made: string,
): void {
  const at = clock.now();
  db.transaction(() => {
    const seq = insertReview(db, {
      generationId: old.id,
      decision: 'reject',
      reason: 'replaced',
      rule: `replaced by ${made}`,
      createdAt: at,
    });
    const what = { kind: 'decide', decision: 'replace', count: 1, first: seq, last: seq, made } as const;
    insertReviewStep(db, old.productId, what, at);
    appendAudit(db, at, { event: 'replaced', picture: old.id, by: made });
  });
}
