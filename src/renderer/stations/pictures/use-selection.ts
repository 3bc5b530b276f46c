// Which pictures of the list are chosen: some by their places, or all that fit the filter.

import { useState } from 'react';
import type { GridChoice } from '../../ui/index.ts';

export interface Selection {
  count: number;
  has(index: number): boolean;
  /** Null: all that fit. */
  readonly indices: readonly number[] | null;
  choose(choice: GridChoice): void;
  clear(): void;
}

type Chosen = ReadonlySet<number> | 'all';

const NONE: Chosen = new Set();

/** Without a choice of several the focused picture is meant. */
export function useSelection(total: number, focused: number): Selection {
  const [chosen, setChosen] = useState<Chosen>(NONE);
  const several = chosen === 'all' || chosen.size > 1;
  return {
    count: chosen === 'all' ? total : several ? chosen.size : Math.min(1, total),
    has: (index) => (chosen === 'all' ? true : several ? chosen.has(index) : index === focused),
    indices: chosen === 'all' ? null : several ? [...chosen].sort((a, b) => a - b) : [focused],
    choose(choice) {
      setChosen((now) => changed(now, choice, total, focused));
    },
    clear: () => setChosen(NONE),
  };
}

function changed(now: Chosen, choice: GridChoice, total: number, focused: number): Chosen {
  switch (choice.kind) {
    case 'all':
      return 'all';
    case 'one':
      return new Set([choice.index]);
    case 'range': {
      const [first, last] = [Math.min(choice.from, choice.index), Math.max(choice.from, choice.index)];
      return new Set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
    }
    case 'toggle': {
      const next = new Set(now === 'all' ? Array.from({ length: total }, (_, i) => i) : now);
      if (next.size === 0) next.add(focused);
      if (!next.delete(choice.index)) next.add(choice.index);
      return next;
    }
  }
}
