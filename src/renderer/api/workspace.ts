// What the open workspace holds, which product is looked at, and what the window remembers of it.

import { useCallback, useEffect } from 'react';
import type { FlawsmithClient } from '../../contract/contract.ts';
import { useConnection, useHostState } from './context.ts';
import { createStore, useStore } from './store.ts';
import { type Query, useQuery } from './use-query.ts';

export type WorkspaceInfo = Awaited<ReturnType<FlawsmithClient['workspace']['info']>>;
export type ProductInfo = WorkspaceInfo['products'][number];
type Json = Parameters<FlawsmithClient['uiState']['put']>[0]['value'];

export function useWorkspace(): Query<WorkspaceInfo> {
  const folder = useHostState()?.workspace?.folder ?? null;
  return useQuery(['workspace', folder], ({ engine, signal }) => engine.workspace.info({}, { signal }));
}

export interface ProductChoice {
  /** The chosen product's name; undefined while there is none. */
  product: string | undefined;
  info: ProductInfo | undefined;
  products: readonly ProductInfo[];
  choose(name: string): void;
}

/** The product the window looks at: the one chosen last, else the first. */
export function useProduct(): ProductChoice {
  const { data } = useWorkspace();
  const [chosen, choose] = useStored<string>('product', '');
  const products = data?.products ?? [];
  const info = products.find(({ name }) => name === chosen) ?? products[0];
  return { product: info?.name, info, products, choose };
}

/** Values of the open workspace, and the ones of this session that are not stored yet. */
const remembered = createStore<{ folder: string | null; values: Record<string, Json> }>({
  folder: null,
  values: {},
});

/** Loads what the workspace remembers; called once, by the frame. False until it is there. */
export function useRemembered(): boolean {
  const { engine } = useConnection();
  const state = useHostState();
  const folder = state?.workspace?.folder ?? null;
  const ready = state?.engine === 'ready';
  useEffect(() => {
    if (folder === null || !ready || remembered.get().folder === folder) return;
    const stop = new AbortController();
    const loaded = (values: Record<string, Json>): void => {
      if (!stop.signal.aborted) remembered.set({ folder, values });
    };
    engine.uiState.all({}, { signal: stop.signal }).then(
      ({ values }) => loaded(values),
      () => loaded({}),
    );
    return () => stop.abort();
  }, [engine, folder, ready]);
  return useStore(remembered).folder === folder && folder !== null;
}

/** State that survives a restart, kept in the workspace. `key` is a name such as `review.layout`. */
export function useStored<T extends Json>(key: string, first: T): [T, (next: T) => void] {
  const { engine } = useConnection();
  const { values } = useStore(remembered);
  const put = useCallback(
    (next: T) => {
      remembered.set((now) => ({ ...now, values: { ...now.values, [key]: next } }));
      engine.uiState.put({ key, value: next }).catch(() => {});
    },
    [engine, key],
  );
  return [(values[key] as T | undefined) ?? first, put];
}
