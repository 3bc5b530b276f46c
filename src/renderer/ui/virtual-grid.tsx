// Any number of equal cells, of which only those in sight exist. Arrows, Home, End and the page keys move the focus.

import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

export interface VirtualGridProps {
  label: string;
  count: number;
  /** Smallest width and the height of a cell in CSS pixels, gap included. */
  cell: { width: number; height: number };
  /** The cell at a place; it is given whether it holds the focus. */
  render(index: number, focused: boolean): ReactNode;
  /** Called when other cells come into sight; a few more than are visible. */
  onRange?(first: number, end: number): void;
  focused: number;
  onFocus(index: number): void;
  /** Enter, or a double click. */
  onOpen?(index: number): void;
  selected?(index: number): boolean;
  /** Where several can be chosen: by Ctrl and Shift with a click or an arrow, Space, and Ctrl+A. */
  onSelect?(choice: GridChoice): void;
}

/** `one`: only this. `toggle`: this too, or no longer. `range`: all from `from` to this. `all`. */
export type GridChoice =
  | { kind: 'one' | 'toggle'; index: number }
  | { kind: 'range'; from: number; index: number }
  | { kind: 'all' };

const EXTRA_ROWS = 2;

export function VirtualGrid(props: VirtualGridProps) {
  const { label, count, cell, render, onRange, focused, onFocus, onOpen, selected, onSelect } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ width: 0, height: 0, top: 0 });
  const columns = Math.max(1, Math.floor(view.width / cell.width));
  const rows = Math.ceil(count / columns);
  const rowOf = (top: number): number => Math.floor(top / cell.height);
  const firstRow = Math.max(0, Math.floor(view.top / cell.height) - EXTRA_ROWS);
  const endRow = Math.min(rows, Math.ceil((view.top + view.height) / cell.height) + EXTRA_ROWS + 1);
  const first = firstRow * columns;
  const end = Math.min(count, endRow * columns);
  const width = view.width / columns;

  useLayoutEffect(() => {
    const element = ref.current!;
    const measure = (): void =>
      setView({ width: element.clientWidth, height: element.clientHeight, top: element.scrollTop });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const report = useRef(onRange);
  report.current = onRange;
  useEffect(() => {
    if (end > first) report.current?.(first, end);
  }, [first, end]);

  // Where a range begins: the last cell that was chosen without Shift.
  const anchor = useRef(0);
  const choose = (index: number, { shift, mod }: { shift: boolean; mod: boolean }): void => {
    if (shift) onSelect?.({ kind: 'range', from: anchor.current, index });
    else {
      anchor.current = index;
      onSelect?.({ kind: mod ? 'toggle' : 'one', index });
    }
  };
  const move = (to: number, shift: boolean): void => {
    const target = Math.max(0, Math.min(count - 1, to));
    choose(target, { shift, mod: false });
    onFocus(target);
    reveal(ref.current!, Math.floor(target / columns) * cell.height, cell.height);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(view.height / cell.height)) * columns;
    const to = {
      ArrowRight: focused + 1,
      ArrowLeft: focused - 1,
      ArrowDown: focused + columns,
      ArrowUp: focused - columns,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (event.key === 'Enter') onOpen?.(focused);
    const mod = event.ctrlKey || event.metaKey;
    if (onSelect !== undefined && (event.key === ' ' || (mod && event.key.toLowerCase() === 'a'))) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === ' ') choose(focused, { shift: event.shiftKey, mod: true });
      else onSelect({ kind: 'all' });
      return;
    }
    if (to === undefined || event.altKey || mod) return;
    event.preventDefault();
    move(to, event.shiftKey && onSelect !== undefined);
  };

  return (
    <div
      ref={ref}
      className="grid-scroll"
      role="listbox"
      aria-label={label}
      aria-multiselectable={onSelect !== undefined || undefined}
      aria-activedescendant={focused >= first && focused < end ? cellId(label, focused) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const { scrollTop } = event.currentTarget;
        // Within a row nothing changes; another row must be there in this very frame.
        if (rowOf(scrollTop) !== rowOf(view.top))
          flushSync(() => setView((now) => ({ ...now, top: scrollTop })));
      }}
    >
      <div style={{ height: rows * cell.height }} aria-hidden="true" />
      {Array.from({ length: Math.max(0, end - first) }, (_, i) => {
        const index = first + i;
        const x = (index % columns) * width;
        const y = Math.floor(index / columns) * cell.height;
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list
          <div
            key={index}
            id={cellId(label, index)}
            className="grid-cell"
            role="option"
            aria-selected={selected?.(index) ?? index === focused}
            aria-posinset={index + 1}
            aria-setsize={count}
            style={{ width, height: cell.height, transform: `translate(${x}px, ${y}px)` }}
            onClick={(event) => {
              choose(index, { shift: event.shiftKey, mod: event.ctrlKey || event.metaKey });
              onFocus(index);
            }}
            onDoubleClick={() => onOpen?.(index)}
          >
            {render(index, index === focused)}
          </div>
        );
      })}
    </div>
  );
}

function cellId(label: string, index: number): string {
  return `cell-${label.replace(/\W+/g, '-')}-${index}`;
}

function reveal(element: HTMLElement, top: number, height: number): void {
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height > element.scrollTop + element.clientHeight)
    element.scrollTop = top + height - element.clientHeight;
}
