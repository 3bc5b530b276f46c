// Lets a running export be held and go on, by the folder it writes.

import { resolve } from 'node:path';
import type { EngineContext } from '../engine-context.ts';

export interface Gate {
  /** Resolves when the export may go on; `held` is called where it has to wait. */
  turn(signal: AbortSignal, held: () => void): Promise<void>;
  close(): void;
}

interface Held {
  hold: boolean;
  waiting: Set<() => void>;
}

const gates = new WeakMap<EngineContext, Map<string, Held>>();

export function openGate(context: EngineContext, out: string): Gate {
  const known = gates.get(context) ?? new Map<string, Held>();
  gates.set(context, known);
  const key = resolve(out);
  const state: Held = { hold: false, waiting: new Set() };
  known.set(key, state);
  return {
    async turn(signal, held) {
      while (state.hold && !signal.aborted) {
        held();
        await next(state, signal);
      }
    },
    close() {
      if (known.get(key) === state) known.delete(key);
    },
  };
}

/** False where no export writes this folder. */
export function setHold(context: EngineContext, out: string, hold: boolean): boolean {
  const state = gates.get(context)?.get(resolve(out));
  if (state === undefined) return false;
  state.hold = hold;
  for (const wake of state.waiting) wake();
  return true;
}

function next(state: Held, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      state.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    state.waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
