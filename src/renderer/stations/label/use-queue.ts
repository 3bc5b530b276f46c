// The list of pictures, page by page as it is looked at, and where the open one stands in it.

import { useState } from 'react';
import type { LABEL_FILTERS, QueueItem } from '../../../contract/methods/labels.ts';
import { useQuery } from '../../api/index.ts';

export type QueueFilter = (typeof LABEL_FILTERS)[number];

const PAGE = 100;

export interface Queue {
  total: number;
  unlabelled: number;
  loading: boolean;
  error: unknown;
  at(index: number): QueueItem | undefined;
  setRange(first: number, end: number): void;
}

export function useQueue(product: string | undefined, filter: QueueFilter): Queue {
  const [range, setRange] = useState<readonly [number, number]>([0, 1]);
  const first = Math.floor(range[0] / PAGE);
  const last = Math.floor((range[1] - 1) / PAGE);
  const a = useQueuePage(product, filter, first);
  const b = useQueuePage(product, filter, Math.min(last, first + 1));
  return {
    total: a.data?.total ?? 0,
    unlabelled: a.data?.unlabelled ?? 0,
    loading: a.loading && a.data === undefined,
    error: a.error,
    at(index) {
      const page = Math.floor(index / PAGE) === first ? a.data : b.data;
      return page?.pictures[index % PAGE];
    },
    setRange: (from, end) => setRange((now) => (now[0] === from && now[1] === end ? now : [from, end])),
  };
}

function useQueuePage(product: string | undefined, filter: QueueFilter, page: number) {
  return useQuery(['labels', 'queue', product, filter, page], ({ engine, signal }) =>
    product === undefined
      ? Promise.resolve({ total: 0, unlabelled: 0, pictures: [] })
      : engine.labels.queue({ product, filter, offset: page * PAGE, limit: PAGE }, { signal }),
  );
}
