// How errors cross a port: AppError as plain fields, everything else as `internal`, and back again.

import { ORPCError } from '@orpc/contract';
import * as z from 'zod';
import { AppError, ERROR_CODES } from '../core/base/errors.ts';
import type { PlainError } from '../core/domain/run.ts';

export const plainErrorSchema = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  file: z.string().optional(),
  hint: z.string().optional(),
  choices: z.array(z.string()).optional(),
});

/** The one code oRPC sees; which error it is stands in the data. */
const WIRE_CODE = 'FLAWSMITH';

/** The fields a user needs, from anything that was thrown. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof AppError) {
    const { file, hint, choices } = error.details;
    return {
      code: error.code,
      message: error.message,
      ...(file && { file }),
      ...(hint && { hint }),
      ...(choices && { choices }),
    };
  }
  if (isAbortError(error)) return { code: 'cancelled', message: 'stopped on request' };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: message.startsWith('internal:') ? message : `internal: ${message}`,
    hint: 'This is a fault of Flawsmith. Please report it with the command and this message.',
  };
}

/** Whether work ended because its signal did. */
export function isAbortError(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === 'AbortError';
}

/** The error as it leaves the engine. */
export function toWireError(error: unknown): unknown {
  if (error instanceof ORPCError) return error;
  const plain = toPlainError(error);
  return new ORPCError(WIRE_CODE, { status: 500, message: plain.message, data: plain, cause: error });
}

/** The error as the caller gets it: always an AppError. */
export function fromWireError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    const plain = plainErrorSchema.safeParse(error.data);
    if (error.code === WIRE_CODE && plain.success) {
      const { code, message, ...details } = plain.data;
      return new AppError(code, message, details, error);
    }
    if (error.code === 'BAD_REQUEST') {
      return new AppError('usage', `the request is not valid: ${describeIssues(error.data)}`, {}, error);
    }
    if (error.code === 'NOT_FOUND')
      return new AppError('usage', 'the engine knows no such method', {}, error);
  }
  const plain = toPlainError(error);
  return new AppError(plain.code, plain.message, plain.hint ? { hint: plain.hint } : {}, error);
}

function describeIssues(data: unknown): string {
  const issues =
    (data as { issues?: { path?: (string | number)[]; message?: string }[] } | null)?.issues ?? [];
  const texts = issues.map(({ path = [], message = 'not valid' }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  return texts.join('; ') || 'unknown reason';
}
