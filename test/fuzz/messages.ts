// What the fuzzing parent and its child say to each other.

export interface Job {
  /** Module that exports TARGETS. */
  readonly targets: string;
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface InputResult {
  readonly index: number;
  readonly passed: boolean;
  /** `ok`, an AppError's code, or what went wrong. */
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly code: string | null;
  readonly note: string | null;
  readonly milliseconds: number;
}

export type ChildMessage =
  | ({ readonly kind: 'result' } & InputResult)
  /** The child has loaded everything and begins. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'done' };
