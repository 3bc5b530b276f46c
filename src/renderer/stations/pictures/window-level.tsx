// Which code values of a 16-bit picture are shown as black and white: by sliders, by dragging on the picture, or found
// by itself. What was set by hand is remembered for the product.

import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Slider } from '../../ui/index.ts';
import { productKey } from '../open-in-label.ts';

export type Range = { low: number; high: number };

export interface Levels extends Range {
  darkest: number;
  brightest: number;
}

export interface WindowLevel {
  /** What is shown; null until the picture's values are known. */
  range: Range | null;
  /** Still moving: a smaller version will do. */
  moving: boolean;
  byHand: boolean;
  set(range: Range): void;
  auto(): void;
  /** For the element that holds the picture. */
  drag: {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(event: PointerEvent<HTMLElement>): void;
  };
}

export const MOST_CODE = 65_535;
const SETTLE_MS = 350;
/** Over how many screen pixels the whole range is dragged. */
const DRAG_PX = 500;

export function useWindowLevel(product: string, levels: Levels | null): WindowLevel {
  const [kept, setKept] = useStored<Range | null>(productKey('pictures.window', product), null);
  const [range, setRange] = useState<Range | null>(null);
  const [moving, setMoving] = useState(false);
  const from = useRef<{ x: number; y: number; range: Range } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = range ?? kept ?? (levels === null ? null : { low: levels.low, high: levels.high });

  const set = (next: Range): void => {
    const low = Math.max(0, Math.min(MOST_CODE - 1, Math.round(next.low)));
    const high = Math.max(low + 1, Math.min(MOST_CODE, Math.round(next.high)));
    setRange({ low, high });
    setMoving(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setMoving(false);
      setRange(null);
      setKept({ low, high });
    }, SETTLE_MS);
  };
  return {
    range: now,
    moving,
    byHand: range !== null || kept !== null,
    set,
    auto() {
      clearTimeout(timer.current);
      setMoving(false);
      setRange(null);
      setKept(null);
    },
    drag: {
      onPointerDown(event) {
        if (event.button !== 0 || now === null || (event.target as Element).closest('button') !== null)
          return;
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, y: event.clientY, range: now };
      },
      onPointerMove(event) {
        const start = from.current;
        if (start === null || levels === null) return;
        const perPixel = Math.max(1, levels.brightest - levels.darkest) / DRAG_PX;
        const wider = (event.clientX - start.x) * perPixel;
        const darker = (event.clientY - start.y) * perPixel;
        const half = Math.max(1, (start.range.high - start.range.low + wider) / 2);
        const middle = (start.range.high + start.range.low) / 2 + darker;
        set({ low: middle - half, high: middle + half });
      },
      onPointerUp() {
        from.current = null;
      },
    },
  };
}

export function WindowLevelBar({
  window: { range, byHand, set, auto },
  levels,
}: {
  window: WindowLevel;
  levels: Levels;
}) {
  const t = useTexts('pictures');
  if (range === null) return null;
  const lowest = Math.min(levels.darkest, range.low);
  const highest = Math.max(levels.brightest, range.high, lowest + 2);
  const step = Math.max(1, Math.round((highest - lowest) / 256));
  return (
    <section className="stack pictures-window" aria-label={t.windowLevel}>
      <Slider
        label={t.black}
        value={range.low}
        min={lowest}
        max={highest - 1}
        step={step}
        onValue={(low) => set({ low, high: Math.max(low + 1, range.high) })}
      />
      <Slider
        label={t.white}
        value={range.high}
        min={lowest + 1}
        max={highest}
        step={step}
        onValue={(high) => set({ low: Math.min(high - 1, range.low), high })}
      />
      <div className="row">
        <Button aria-pressed={!byHand} onClick={auto}>
          {t.auto} <kbd>A</kbd>
        </Button>
        <span className="small soft">{t.dragHint}</span>
      </div>
    </section>
  );
}
