// exports.verify: is a copy as it was written?

import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { BlobReader } from '../blobs/blob-reader.ts';
import type { EngineContext } from '../engine-context.ts';
import { noteExportChecked } from '../store/exports.ts';
import { isWorkspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { progressOf } from './progress.ts';

interface VerifyInput {
  folder: string;
  export?: string;
}

export async function verifyExport(context: EngineContext, input: VerifyInput, call: Call) {
  try {
    const result = await verify(context, input, call);
    await note(context, input, null);
    return result;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'cancelled') await note(context, input, error.message);
    throw error;
  }
}

async function verify(context: EngineContext, { folder }: VerifyInput, call: Call) {
  const blobs = isWorkspace(context.folder) ? new BlobReader(join(context.folder, 'blobs')) : null;
  const outcome = await context.services.exports.verify(folder, {
    signal: call.signal,
    findSource: (sha256) => (blobs?.has(sha256) ? blobs.path(sha256) : null),
    onProgress: progressOf(call, context.clock, 'verify'),
  });
  const { problems, ...result } = outcome;
  for (const problem of problems) call.emit({ event: 'problem', level: 'reject', ...problem });
  if (problems.length > 0) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    throw new AppError('verify-failed', `this copy is not as it was written: ${first.message}${more}`, {
      file: first.file,
      hint: first.hint,
    });
  }
  const { files, bytes, outsideChecked, outsideUnchecked, readBack } = result;
  return { folder: result.folder, files, bytes, outsideChecked, outsideUnchecked, readBack };
}

async function note(context: EngineContext, input: VerifyInput, problem: string | null): Promise<void> {
  if (input.export === undefined) return;
  const { db } = await context.writable();
  noteExportChecked(db, input.export, { at: context.clock.now(), ok: problem === null, problem });
}
