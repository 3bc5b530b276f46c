// Errors a user can meet (AppError) and errors that are our own bugs (invariant).

/** Closed set of codes; docs/cli.md maps each to an exit code. */
export const ERROR_CODES = [
  'usage',
  'not-found',
  'bad-image',
  'bad-mask',
  'bad-dataset',
  'bad-pack',
  'bad-weights',
  'unsupported',
  'no-defects',
  'no-space',
  'read-only',
  'locked',
  'schema-newer',
  'corrupt',
  'verify-failed',
  'cancelled',
  'runtime',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  /** The file it happened to, as the user knows it. */
  file?: string;
  /** What the user can do about it. */
  hint?: string;
  /** Names to choose one of. */
  choices?: string[];
  [key: string]: unknown;
}

/** What happened, to which file, and what to do. Crosses process borders as plain fields. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

/** Throws an `internal:` error: a bug of ours, never the user's mistake. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal: ${message}`);
}
