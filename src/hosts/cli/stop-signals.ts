// Ctrl+C: the first asks the engine to stop so that the run can be resumed, the second ends the process at once.

import { EXIT_CODES } from './exit-codes.ts';

export interface StopSignals {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** Listens for SIGINT, SIGTERM and SIGHUP. `onFirst` tells the user that stopping takes a moment. */
export function stopOnSignals(onFirst: () => void): StopSignals {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.cancelled);
    onFirst();
    controller.abort();
  };
  for (const name of names) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of names) process.off(name, handle);
    },
  };
}
