// Data of the engine in a component, loaded when it is shown and again when it changes.

import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { FlawsmithClient } from '../../contract/contract.ts';
import type { HostClient } from '../../contract/host/host-contract.ts';
import { useConnection } from './context.ts';
import { type QueryKey, type QueryState, queries } from './query-cache.ts';

export interface QueryArguments {
  engine: FlawsmithClient;
  host: HostClient;
  signal: AbortSignal;
}

export interface Query<T> extends QueryState<T> {
  reload(): void;
}

/** `key` names what is asked for; the same key must always mean the same call. */
export function useQuery<T>(key: QueryKey, load: (given: QueryArguments) => Promise<T>): Query<T> {
  const { engine, host } = useConnection();
  const name = JSON.stringify(key);
  const newest = useRef(load);
  newest.current = load;
  const entry = queries.entry<T>(key, (signal) => newest.current({ engine, host, signal }));
  // The key is compared by its text.
  const held = useRef({ name, key });
  if (held.current.name !== name) held.current = { name, key };
  const state = useSyncExternalStore(entry.subscribe, entry.get);
  useEffect(() => queries.use(held.current.name === name ? held.current.key : []), [name]);
  const reload = useCallback(() => queries.invalidate(...(JSON.parse(name) as QueryKey)), [name]);
  return { ...state, reload };
}
