// One call from a host: how it is cancelled, what it sends, and how its events become an async iterator.

import { toWireError } from '../../contract/errors.ts';
import type { StepEvent } from '../../contract/events.ts';

export interface Call {
  readonly signal: AbortSignal;
  emit(event: StepEvent): void;
}

type ResultEvent<Result> = { event: 'result' } & Result;

/**
 * Runs long work and yields its events, the result last. Events that nobody has fetched yet are kept, but only the
 * newest progress of a row. Leaving the iteration early aborts the work and waits until it has stopped.
 */
export async function* streamCall<Result extends object>(
  signal: AbortSignal,
  work: (call: Call) => Promise<Result>,
): AsyncGenerator<StepEvent | ResultEvent<Result>, void> {
  const abandoned = new AbortController();
  const queue: StepEvent[] = [];
  let wake = (): void => {};
  let settled: { result: Result } | { error: unknown } | null = null;

  const emit = (event: StepEvent): void => {
    if (event.event === 'progress' && queue.at(-1)?.event === 'progress') queue.pop();
    queue.push(event);
    wake();
  };
  const task = work({ signal: AbortSignal.any([signal, abandoned.signal]), emit }).then(
    (result) => {
      settled = { result };
    },
    (error) => {
      settled = { error };
    },
  );
  void task.then(() => wake());

  try {
    for (;;) {
      const event = queue.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (settled !== null) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const end = settled as { result: Result } | { error: unknown };
    if ('error' in end) throw toWireError(end.error);
    yield { event: 'result', ...end.result };
  } finally {
    abandoned.abort();
    await task;
  }
}

/** Passes on what a watcher sees until the caller leaves or the engine closes. */
export async function* watchCall<Event>(
  signal: AbortSignal,
  closing: AbortSignal,
  watch: (signal: AbortSignal) => AsyncGenerator<Event>,
): AsyncGenerator<Event, void> {
  try {
    yield* watch(AbortSignal.any([signal, closing]));
  } catch (error) {
    throw toWireError(error);
  }
}

/** Runs short work; its errors leave as wire errors. */
export async function plainCall<Result>(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toWireError(error);
  }
}
