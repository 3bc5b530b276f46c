// generation.generate: a new run of pictures or the rest of one that stopped.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import type { RunContext } from '../runs/run-context.ts';
import { type ExecuteOptions, executeRun } from '../runs/run-manager.ts';
import type { GenerateRequest } from '../services.ts';
import { listGenerations, storedIndices } from '../store/generations.ts';
import { listTypes } from '../store/products.ts';
import type { RunRow } from '../store/runs.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { type NewGeneration, prepareGeneration, reopenGeneration } from './generate-request.ts';
import { storePicture } from './store-picture.ts';

export async function generate(
  context: EngineContext,
  input: NewGeneration | { resume: string },
  call: Call,
) {
  const workspace = await context.writable();
  await settleLabels(workspace, context.clock);
  const { run, request, notes } =
    'resume' in input
      ? await reopenGeneration(context, workspace, input.resume)
      : await prepareGeneration(context, workspace, input);
  for (const message of notes) call.emit({ event: 'log', level: 'warn', message });

  const options: ExecuteOptions = {
    signal: call.signal,
    emit: call.emit,
    async work(runContext) {
      await fill(context, workspace, run, request, runContext, call);
      const pictures = listGenerations(workspace.db, { runId: run.id });
      return {
        outcome: { total: pictures.length, flagged: pictures.filter((p) => p.flags.length > 0).length },
      };
    },
  };
  await context.device.use(call.signal, () => executeRun(workspace, context.clock, run, options));
  const pictures = listGenerations(workspace.db, { runId: run.id });
  const flagged = pictures.filter((picture) => picture.flags.length > 0);
  const byFlag: Record<string, number> = {};
  for (const flag of flagged.flatMap((picture) => picture.flags)) byFlag[flag] = (byFlag[flag] ?? 0) + 1;
  return {
    runId: run.id,
    product: request.product,
    generator: request.generator,
    type: request.type,
    total: pictures.length,
    flagged: flagged.length,
    summary: { flags: byFlag },
  };
}

/** Makes what is missing of 0..count-1; each picture is stored before the next is asked for. */
async function fill(
  context: EngineContext,
  workspace: Workspace,
  run: RunRow,
  request: GenerateRequest,
  runContext: RunContext,
  call: Call,
): Promise<void> {
  const stored = new Set(storedIndices(workspace.db, run.id));
  const indices = Array.from({ length: request.count }, (_, i) => i).filter((i) => !stored.has(i));
  if (indices.length === 0) return;
  const missing = new Set(indices);
  const typeId =
    listTypes(workspace.db, run.productId).find((type) => type.name === request.type)?.id ?? null;

  runContext.phase('generate');
  runContext.progress(stored.size, request.count);
  for await (const picture of context.services.generation.generate({ ...request, indices }, runContext)) {
    if (!missing.delete(picture.index))
      throw new Error(`internal: picture ${picture.index} was not asked for`);
    const id = await storePicture(workspace, context.clock, { run, request, typeId, picture });
    const { index, flags } = picture;
    call.emit({ event: 'picture', runId: run.id, id, index, type: request.type, flags });
    runContext.progress(request.count - missing.size, request.count);
    runContext.signal.throwIfAborted();
  }
  if (missing.size > 0) {
    throw new AppError('runtime', `${missing.size} of ${request.count} pictures were not made`, {
      hint: `Continue with: flawsmith generate --resume ${run.id}`,
    });
  }
}
