// The list of pictures on the left.

import { useEffect, useRef } from 'react';
import type { QueueItem } from '../../../contract/methods/labels.ts';
import { useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { ErrorNote, Picture, Select, VirtualGrid } from '../../ui/index.ts';
import type { Queue, QueueFilter } from './use-queue.ts';

export interface QueuePanelProps {
  queue: Queue;
  filter: QueueFilter;
  onFilter(filter: QueueFilter): void;
  picture: string | null;
  onPicture(id: string): void;
  /** By the type's name. */
  colours: Readonly<Record<string, string>>;
}

const CELL = { width: 400, height: 72 };

export function QueuePanel({ queue, filter, onFilter, picture, onPicture, colours }: QueuePanelProps) {
  const t = useTexts('label');
  const place = useQuery(['labels', 'place', picture, filter], ({ engine, signal }) =>
    picture === null
      ? Promise.resolve({ picture: null, place: 0 })
      : engine.labels.neighbour({ picture, filter, step: 0 }, { signal }),
  );
  const at = place.data?.place ?? 0;
  const isHere = (item: QueueItem | undefined): boolean =>
    item !== undefined && (item.id === picture || item.id === place.data?.picture);
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const scroll = list.current?.querySelector<HTMLElement>('.grid-scroll');
    if (!scroll) return;
    const top = at * CELL.height;
    if (top < scroll.scrollTop || top + CELL.height > scroll.scrollTop + scroll.clientHeight)
      scroll.scrollTop = Math.max(0, top - scroll.clientHeight / 2);
  }, [at]);
  const filters: QueueFilter[] = ['all', 'unlabelled', 'defect', 'normal'];
  return (
    <aside className="label-queue" aria-label={t.queue} ref={list}>
      <div className="label-queue-head">
        <Select
          label={t.show}
          value={filter}
          onValue={onFilter}
          options={filters.map((value) => ({ value, label: t.filters[value] }))}
        />
        <p className="small soft">{t.counts(queue.total, queue.unlabelled)}</p>
      </div>
      <ErrorNote error={queue.error} />
      {queue.total === 0 && !queue.loading ? (
        <p className="label-none soft">{t.nothingHere[filter]}</p>
      ) : (
        <VirtualGrid
          label={t.queue}
          count={queue.total}
          cell={CELL}
          focused={at}
          onFocus={(index) => {
            const item = queue.at(index);
            if (item !== undefined) onPicture(item.id);
          }}
          selected={(index) => isHere(queue.at(index))}
          onRange={queue.setRange}
          render={(index) => {
            const item = queue.at(index);
            return item === undefined ? (
              <div className="label-item waiting" />
            ) : (
              <Item item={item} colours={colours} isOpen={isHere(item)} />
            );
          }}
        />
      )}
    </aside>
  );
}

function Item({
  item,
  colours,
  isOpen,
}: {
  item: QueueItem;
  colours: Readonly<Record<string, string>>;
  isOpen: boolean;
}) {
  const t = useTexts('label');
  const name = item.file.split('/').at(-1)!;
  return (
    <div className={isOpen ? 'label-item open' : 'label-item'} title={item.file}>
      <Picture of={{ kind: 'picture', id: item.id }} size={64} box={56} alt="" />
      <div className="grow">
        <div className="ellipsis">{name}</div>
        <div className="label-item-state small soft ellipsis">
          {item.role === 'defect'
            ? item.types.map((type) => (
                <span key={type} className="label-item-type">
                  <span className="label-dot" style={{ background: colours[type] }} />
                  {type}
                </span>
              ))
            : t.roles[item.role]}
        </div>
      </div>
    </div>
  );
}
