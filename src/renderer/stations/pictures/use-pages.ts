// The product's pictures by place: pages are loaded when cells of them come into sight, and kept.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { FlawsmithClient } from '../../../contract/contract.ts';
import type { PictureInfo } from '../../../contract/methods/pictures.ts';
import { createStore, useEngine, useStore, useWorkspace } from '../../api/index.ts';

export type PictureFilter = NonNullable<Parameters<FlawsmithClient['pictures']['page']>[0]['filter']>;

const PAGE = 125;
/** Pages that are kept: of 100,000 pictures, below 100 MB. */
const MOST_PAGES = 800;
/** What is out of sight is loaded in the background, so many pages at once, after a moment of rest. */
const PAGES_AHEAD = 4;
const REST_MS = 1200;
/** Requests at once: what was asked last is what is looked at, and goes first. */
const AT_ONCE = 2;

export interface Pages {
  /** Null before the first answer. */
  total: number | null;
  error: unknown;
  at(index: number): PictureInfo | undefined;
  /** Asks for what is in sight. */
  want(first: number, end: number): void;
  /** Ids of pictures by their places, loaded where need be. */
  idsOf(indices: readonly number[]): Promise<string[]>;
}

/** Counts what changed without the dataset's revision knowing: remarks, near-duplicates. */
const turns = createStore(0);

export function reloadPages(): void {
  turns.set((now) => now + 1);
}

type PageMap = Map<number, PictureInfo[]>;

export function usePages(product: string | undefined, filter: PictureFilter): Pages {
  const engine = useEngine();
  const turn = useStore(turns);
  const revision = useWorkspace().data?.products.find(({ name }) => name === product)?.revision;
  const list = JSON.stringify([product, filter]);
  const name = `${list} ${revision} ${turn}`;
  const pages = useRef<PageMap>(new Map());
  /** The same list before a change: shown until the new one is there. */
  const former = useRef<PageMap>(new Map());
  const waiting = useRef<number[]>([]);
  const running = useRef(new Set<number>());
  const current = useRef({ name: '', list: '' });
  const [state, setState] = useState<{ total: number | null; error: unknown; turn: number }>({
    total: null,
    error: null,
    turn: 0,
  });

  const count = useRef<number | null>(null);
  count.current = state.total;

  const next = useCallback(async (): Promise<void> => {
    const page = waiting.current.pop();
    if (page === undefined || running.current.size >= AT_ONCE) {
      if (page !== undefined) waiting.current.push(page);
      return;
    }
    const asked = current.current;
    const [named, which] = JSON.parse(asked.list) as [string | null, PictureFilter];
    if (named === null) return;
    running.current.add(page);
    try {
      const found = await engine.pictures.page({
        product: named,
        filter: which,
        offset: page * PAGE,
        limit: PAGE,
      });
      if (current.current !== asked) return;
      pages.current.set(page, found.pictures);
      forgetOldest(pages.current);
      setState((now) => ({ total: found.total, error: null, turn: now.turn + 1 }));
    } catch (error) {
      if (current.current === asked) setState((now) => ({ ...now, error }));
    } finally {
      if (current.current === asked) {
        running.current.delete(page);
        void next();
      }
    }
  }, [engine]);

  const touched = useRef(0);
  const sight = useRef<[number, number]>([0, PAGE]);
  const want = useCallback(
    (first: number, end: number): void => {
      const ahead =
        first >= sight.current[0] ? Math.floor((end - 1) / PAGE) + 1 : Math.floor(first / PAGE) - 1;
      sight.current = [first, end];
      touched.current = performance.now();
      const isNew = (page: number): boolean =>
        page >= 0 &&
        page * PAGE < (count.current ?? PAGE) &&
        !pages.current.has(page) &&
        !running.current.has(page);
      const missing: number[] = [];
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page++)
        if (isNew(page)) missing.push(page);
      // What is in sight goes first, then the page that scrolling leads to.
      waiting.current = [...(isNew(ahead) ? [ahead] : []), ...missing.reverse()];
      for (let i = running.current.size; i < AT_ONCE; i++) void next();
    },
    [next],
  );

  useEffect(() => {
    former.current = current.current.list === list ? pages.current : new Map();
    if (current.current.list !== list) sight.current = [0, PAGE];
    current.current = { name, list };
    pages.current = new Map();
    running.current = new Set();
    want(...sight.current);
  }, [name, list, want]);

  // Far places are there before somebody drags the scroll bar to them.
  const ahead = useRef(false);
  const { total } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins anew with another list
  useEffect(() => {
    const asked = current.current;
    if (total === null || total > MOST_PAGES * PAGE) return;
    const timer = setInterval(async () => {
      if (ahead.current || running.current.size > 0 || touched.current > performance.now() - REST_MS) return;
      const first = nearestGap(pages.current, Math.floor(sight.current[0] / PAGE), Math.ceil(total / PAGE));
      if (first === null) return clearInterval(timer);
      ahead.current = true;
      const [named, which] = JSON.parse(asked.list) as [string | undefined, PictureFilter];
      const block = first - (first % PAGES_AHEAD);
      const range = { offset: block * PAGE, limit: PAGES_AHEAD * PAGE };
      try {
        const found = await engine.pictures.page({ product: named, filter: which, ...range });
        if (current.current !== asked) return;
        for (let i = 0; i < PAGES_AHEAD; i++) {
          const part = found.pictures.slice(i * PAGE, (i + 1) * PAGE);
          if (part.length > 0 && !pages.current.has(block + i)) pages.current.set(block + i, part);
        }
      } catch {
        clearInterval(timer);
      } finally {
        ahead.current = false;
      }
    }, 50);
    return () => clearInterval(timer);
  }, [engine, total, name]);

  const at = (index: number): PictureInfo | undefined => {
    const page = Math.floor(index / PAGE);
    return (pages.current.get(page) ?? former.current.get(page))?.[index % PAGE];
  };
  return {
    total: state.total,
    error: state.error,
    at,
    want,
    async idsOf(indices) {
      const known = new Map<number, PictureInfo[]>();
      const ids: string[] = [];
      for (const index of indices) {
        const page = Math.floor(index / PAGE);
        const pictures = pages.current.get(page) ?? known.get(page);
        if (pictures === undefined) {
          const loaded = await engine.pictures.page({ product, filter, offset: page * PAGE, limit: PAGE });
          known.set(page, loaded.pictures);
        }
        const picture = (pictures ?? known.get(page))?.[index % PAGE];
        if (picture !== undefined) ids.push(picture.id);
      }
      return ids;
    },
  };
}

/** The page nearest to one that is not there; null where all are. */
function nearestGap(pages: PageMap, from: number, count: number): number | null {
  for (let away = 0; away < count; away++) {
    if (from + away < count && !pages.has(from + away)) return from + away;
    if (from - away >= 0 && !pages.has(from - away)) return from - away;
  }
  return null;
}

function forgetOldest(pages: PageMap): void {
  for (const page of pages.keys()) {
    if (pages.size <= MOST_PAGES) return;
    pages.delete(page);
  }
}
