// weights.export: what a fine-tune learned, for other programs.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { getRun } from '../store/runs.ts';
import { findTokenSet } from '../store/token-sets.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { Call } from './call.ts';
import { packFor, toTokenSet } from './generate-request.ts';

export interface ExportWeightsInput {
  tokenSet: string;
  as: 'embedding' | 'lora' | 'unet';
  dialect?: string;
  out: string;
  rank?: number;
  half: boolean;
}

export async function exportWeights(context: EngineContext, input: ExportWeightsInput, call: Call) {
  const job = await context.reading(async (workspace) => {
    const row = findTokenSet(workspace.db, input.tokenSet);
    if (row === undefined) {
      throw new AppError('not-found', `there is no token set or training run ${input.tokenSet}`, {
        hint: 'List the runs with: flawsmith info',
      });
    }
    const { method } = getRun(workspace.db, row.runId)!;
    if (method !== 'seas') {
      throw new AppError('unsupported', `what ${method} learned cannot be written for other programs yet`, {
        hint: 'Runs of "flawsmith train --method seas" can.',
      });
    }
    return { tokenSet: toTokenSet(workspace, row), pack: await packFor(context, workspace, row) };
  });
  const { as, out } = input;
  const details = await context.services.weights.write(
    {
      ...job,
      as,
      out,
      dialect: input.dialect ?? null,
      rank: input.rank ?? null,
      half: input.half,
      engineVersion: ENGINE_VERSION,
    },
    call.signal,
  );
  return { out, as, details };
}
