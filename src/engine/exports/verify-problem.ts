// What a check of an export complains about, and how checks collect it.

import type { ErrorCode } from '../../core/base/errors.ts';
import { AppError } from '../../core/base/errors.ts';

export interface VerifyProblem {
  /** Path within the export, or '.' for the whole. */
  readonly file: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export const EXPORT_AGAIN = 'The export was changed or damaged. Copy or export it again.';

/** Collects problems. */
export class ProblemList {
  readonly problems: VerifyProblem[] = [];

  add(file: string, message: string, hint = EXPORT_AGAIN, code: ErrorCode = 'verify-failed'): void {
    this.problems.push({ file, code, message, hint });
  }

  /** Runs a step; an AppError becomes a problem of `file` and null is returned. Cancellation passes through. */
  async attempt<T>(file: string, step: () => Promise<T> | T): Promise<T | null> {
    try {
      return await step();
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code === 'cancelled') throw cause;
      this.add(file, cause.message, cause.details.hint ?? EXPORT_AGAIN, cause.code);
      return null;
    }
  }
}
