// What was asked for and is shown: one entry per key, shared by all who show it.

import { createStore, type Store } from './store.ts';

export type QueryKey = readonly (string | number | boolean | null | undefined)[];

export interface QueryState<T> {
  data: T | undefined;
  error: unknown;
  loading: boolean;
}

interface Entry {
  key: QueryKey;
  state: Store<QueryState<unknown>>;
  load: (signal: AbortSignal) => Promise<unknown>;
  users: number;
  abort: AbortController | null;
}

/** Entries that nobody shows, kept for coming back quickly. */
const MOST_IDLE = 60;

export class QueryCache {
  readonly #entries = new Map<string, Entry>();

  /** The entry's state; it is loaded when somebody first uses it. */
  entry<T>(key: QueryKey, load: (signal: AbortSignal) => Promise<T>): Store<QueryState<T>> {
    const name = JSON.stringify(key);
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      const state = createStore<QueryState<unknown>>({ data: undefined, error: null, loading: true });
      entry = { key, state, load, users: 0, abort: null };
    }
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    entry.load = load;
    return entry.state as Store<QueryState<T>>;
  }

  /** Marks the entry as shown until the function given back is called. */
  use(key: QueryKey): () => void {
    const entry = this.#entries.get(JSON.stringify(key));
    if (entry === undefined) return () => {};
    entry.users++;
    const { data, error } = entry.state.get();
    if (entry.abort === null && data === undefined && error === null) this.#load(entry);
    return () => {
      entry.users--;
      if (entry.users === 0 && entry.state.get().data === undefined) {
        entry.abort?.abort();
        entry.abort = null;
      }
      this.#forgetIdle();
    };
  }

  /** Loads again what is shown, and forgets what is not, of all keys that begin so. */
  invalidate(...prefix: QueryKey): void {
    for (const [name, entry] of this.#entries) {
      if (!prefix.every((part, i) => entry.key[i] === part)) continue;
      if (entry.users > 0) this.#load(entry);
      else this.#entries.delete(name);
    }
  }

  #load(entry: Entry): void {
    entry.abort?.abort();
    const abort = new AbortController();
    entry.abort = abort;
    entry.state.set((now) => ({ ...now, loading: true }));
    const done = (change: Partial<QueryState<unknown>>): void => {
      if (entry.abort !== abort) return;
      entry.abort = null;
      entry.state.set((now) => ({ ...now, ...change, loading: false }));
    };
    entry.load(abort.signal).then(
      (data) => done({ data, error: null }),
      (error) => done({ error }),
    );
  }

  #forgetIdle(): void {
    const idle = [...this.#entries].filter(([, entry]) => entry.users === 0);
    for (const [name] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) this.#entries.delete(name);
  }
}

export const queries = new QueryCache();

/** Loads again every query whose key begins so; without arguments, all. */
export function invalidate(...prefix: QueryKey): void {
  queries.invalidate(...prefix);
}
