// The product's pictures by place: pages are loaded when cells of them come into sight, and kept.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { FlawsmithClient } from '../../../contract/contract.ts';
import type { PictureInfo } from '../../../contract/methods/pictures.ts';
import { useEngine, useWorkspace } from '../../api/index.ts';

export type PictureFilter = NonNullable<Parameters<FlawsmithClient['pictures']['page']>[0]['filter']>;

const PAGE = 200;
/** Pages that are kept; 50,000 pictures are 250 pages. */
const MOST_PAGES = 60;

export interface Pages {
  /** Null before the first answer. */
  total: number | null;
  error: unknown;
  at(index: number): PictureInfo | undefined;
  /** Asks for what is in sight. */
  want(first: number, end: number): void;
}

export function usePages(product: string | undefined, filter: PictureFilter): Pages {
  const engine = useEngine();
  const revision = useWorkspace().data?.products.find(({ name }) => name === product)?.revision;
  const name = JSON.stringify([product, filter, revision]);
  const pages = useRef(new Map<number, PictureInfo[] | null>());
  const current = useRef('');
  const [state, setState] = useState<{ total: number | null; error: unknown; turn: number }>({
    total: null,
    error: null,
    turn: 0,
  });

  const load = useCallback(
    async (page: number): Promise<void> => {
      const [named, which] = JSON.parse(name) as [string | null, PictureFilter, string | undefined];
      if (named === null || pages.current.has(page)) return;
      pages.current.set(page, null);
      const asked = current.current;
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
        setState(({ turn }) => ({ total: found.total, error: null, turn: turn + 1 }));
      } catch (error) {
        if (current.current !== asked) return;
        pages.current.delete(page);
        setState((now) => ({ ...now, error }));
      }
    },
    [engine, name],
  );

  useEffect(() => {
    pages.current = new Map();
    current.current = name;
    void load(0);
  }, [name, load]);

  return {
    total: state.total,
    error: state.error,
    at: (index) => pages.current.get(Math.floor(index / PAGE))?.[index % PAGE],
    want(first, end) {
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) void load(page);
    },
  };
}

function forgetOldest(pages: Map<number, PictureInfo[] | null>): void {
  for (const page of pages.keys()) {
    if (pages.size <= MOST_PAGES) return;
    if (pages.get(page) !== null) pages.delete(page);
  }
}
