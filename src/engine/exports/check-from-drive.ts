// Reads every written file once more and compares its hash, past the system's memory where it lets us.

import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { sha256File } from '../imaging/index.ts';
import type { ExportJob } from './export-job.ts';
import { hashPastCache, pageBuffer } from './past-cache.ts';
import type { StagedFolder } from './write-files.ts';

/** Whether all of it came from the drive itself. A difference throws `verify-failed`. */
export async function checkFromDrive(staged: StagedFolder, job: ExportJob): Promise<boolean> {
  const buffer = pageBuffer();
  let fromDrive = true;
  let bytes = 0;
  for (const [i, [file, hash]] of [...staged.hashes].entries()) {
    await job.turn?.();
    if (job.signal?.aborted) throw new AppError('cancelled', 'Cancelled. Nothing was exported.');
    const path = join(staged.path, file);
    const direct = await hashPastCache(path, buffer);
    if (direct === null) fromDrive = false;
    const read = direct ?? (await sha256File(path, job.signal));
    if (read !== hash) {
      const hint = 'The drive does not keep what is written to it. Use another one.';
      throw new AppError('verify-failed', `${file} reads back differently than it was written.`, {
        file,
        hint,
      });
    }
    bytes += staged.sizes.get(file) ?? 0;
    job.onProgress?.(i + 1, staged.hashes.size, { phase: 'check', bytes });
  }
  return fromDrive;
}
