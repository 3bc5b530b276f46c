// Which fine-tuning methods this engine has.

import type { METHODS } from '../../contract/methods/training.ts';
import { AppError } from '../../core/base/errors.ts';

export type TrainMethod = (typeof METHODS)[number];

/** A method that is built gets a place here. */
const BUILT: ReadonlySet<string> = new Set<TrainMethod>(['seas', 'anogen', 'anomalysd']);

/** Methods whose training looks at `watch.endWanted` and keeps what it has by then. */
const ENDS_EARLY: ReadonlySet<string> = new Set<TrainMethod>(['seas']);

export const endsEarly = (method: string): boolean => ENDS_EARLY.has(method);

export const isBuilt = (method: TrainMethod): boolean => BUILT.has(method);

/** Throws `unsupported` for one that is not. */
export function assertBuilt(method: TrainMethod): void {
  if (isBuilt(method)) return;
  throw new AppError('unsupported', `the method "${method}" is not built yet`, {
    hint: `Use --method ${[...BUILT].join(' or ')}.`,
  });
}
