// Steps that can be taken back, per station. Steps that must survive a restart are the engine's.

import { createContext, useContext, useMemo } from 'react';
import { createStore, type Store } from '../api/store.ts';
import { showError } from './toast.tsx';

export interface UndoStep {
  label: string;
  undo(): Promise<unknown> | unknown;
  redo(): Promise<unknown> | unknown;
}

export interface UndoStacks {
  readonly done: readonly UndoStep[];
  readonly undone: readonly UndoStep[];
}

const MOST = 200;
const stacks = new Map<string, Store<UndoStacks>>();
/** The station that pushes. */
export const UndoScope = createContext('');

export function undoStacks(scope: string): Store<UndoStacks> {
  let store = stacks.get(scope);
  if (store === undefined) {
    store = createStore<UndoStacks>({ done: [], undone: [] });
    stacks.set(scope, store);
  }
  return store;
}

export function useUndo(): { push(step: UndoStep): void; clear(): void } {
  const scope = useContext(UndoScope);
  return useMemo(() => {
    const store = undoStacks(scope);
    return {
      push: (step) => store.set(({ done }) => ({ done: [...done.slice(-MOST + 1), step], undone: [] })),
      clear: () => store.set({ done: [], undone: [] }),
    };
  }, [scope]);
}

/** Takes back, or does again, the last step; gives it, or null where there is none or it failed. */
export async function step(scope: string, way: 'undo' | 'redo'): Promise<UndoStep | null> {
  const store = undoStacks(scope);
  const { done, undone } = store.get();
  const taken = (way === 'undo' ? done : undone).at(-1);
  if (taken === undefined) return null;
  store.set(
    way === 'undo'
      ? { done: done.slice(0, -1), undone: [...undone, taken] }
      : { done: [...done, taken], undone: undone.slice(0, -1) },
  );
  try {
    await taken[way]();
    return taken;
  } catch (error) {
    store.set({ done, undone });
    showError(error);
    return null;
  }
}
