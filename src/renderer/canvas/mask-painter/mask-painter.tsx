// The painter with its tools: for zones, for the mask of a new defect, and for correcting one.

import { type ReactNode, useState } from 'react';
import { useTexts } from '../../texts/index.ts';
import { Button, Segmented, Slider, Toolbar, useKeys } from '../../ui/index.ts';
import { type PaintTool, PaintView, type PaintViewProps } from './paint-view.tsx';
import type { Painting } from './painting.ts';

export interface MaskPainterProps
  extends Pick<PaintViewProps, 'src' | 'label' | 'width' | 'height' | 'start'> {
  /** Called with the painting when it is there, and after every change. */
  onChange(painting: Painting): void;
  /** More tools at the end of the bar. */
  children?: ReactNode;
}

const MOST_SIZE = 400;

export function MaskPainter({ onChange, children, ...picture }: MaskPainterProps) {
  const t = useTexts('painter');
  const [tool, setTool] = useState<PaintTool>('brush');
  const [size, setSize] = useState(() => firstSize(picture));
  const [painting, setPainting] = useState<Painting | null>(null);
  const [, redraw] = useState(0);
  const changed = (now: Painting): void => {
    setPainting(now);
    redraw((n) => n + 1);
    onChange(now);
  };
  const act = (work: (now: Painting) => void) => (): void => {
    if (painting === null) return;
    work(painting);
    changed(painting);
  };
  const undo = act((now) => now.undo());
  const redo = act((now) => now.redo());
  const resize = (factor: number) => (): void =>
    setSize((now) =>
      Math.max(1, Math.min(MOST_SIZE, Math.round(factor > 1 ? now * factor + 0.5 : now * factor))),
    );
  useKeys(
    t.keys,
    [
      { keys: 'B', title: t.tools.brush, run: () => setTool('brush') },
      { keys: 'E', title: t.tools.eraser, run: () => setTool('eraser') },
      { keys: 'K', title: t.tools.box, run: () => setTool('box') },
      { keys: '[', title: t.smaller, run: resize(0.8) },
      { keys: ']', title: t.larger, run: resize(1.25) },
      { keys: 'Mod+Z', title: t.undo, run: undo },
      { keys: 'Mod+Shift+Z Mod+Y', title: t.redo, run: redo },
    ],
    { inDialogs: true },
  );
  return (
    <div className="mask-painter-work">
      <Toolbar label={t.bar}>
        <Segmented<PaintTool>
          label={t.bar}
          value={tool}
          onValue={setTool}
          options={(['brush', 'eraser', 'box'] as const).map((value) => ({ value, label: t.tools[value] }))}
        />
        <Slider
          label={t.size}
          value={size}
          min={1}
          max={MOST_SIZE}
          show={(v) => `${v} px`}
          onValue={setSize}
        />
        <Button onClick={undo} disabled={!painting?.canUndo}>
          {t.undo}
        </Button>
        <Button onClick={redo} disabled={!painting?.canRedo}>
          {t.redo}
        </Button>
        <Button onClick={act((now) => now.clear())}>{t.clear}</Button>
        {children}
      </Toolbar>
      <PaintView {...picture} tool={tool} size={size} opacity={0.5} onPainting={changed} />
    </div>
  );
}

/** About a twentieth of the picture. */
function firstSize({ width, height }: { width: number; height: number }): number {
  return Math.max(3, Math.min(MOST_SIZE, Math.round(Math.min(width, height) / 20)));
}
