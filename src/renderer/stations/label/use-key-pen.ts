// A pen that is moved by keys: for who has no mouse, and for the last pixel.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { LabelDocument } from '../../../core/labels/document.ts';
import type { Painter } from '../../canvas/index.ts';
import { toPicture } from '../../canvas/view.ts';

export interface KeyPen {
  at: { x: number; y: number } | null;
  move(dx: number, dy: number): void;
  /** Puts the pen down or up. */
  press(): void;
  stop(): void;
}

export function useKeyPen(
  painter: { readonly current: Painter | null },
  document: LabelDocument | null,
): KeyPen {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const now = useRef<{ x: number; y: number } | null>(null);
  const isDown = useRef(false);
  const put = useCallback((next: { x: number; y: number } | null) => {
    now.current = next;
    setAt(next);
  }, []);
  useEffect(() => {
    void document;
    isDown.current = false;
    put(null);
  }, [document, put]);

  const start = (): { x: number; y: number } => {
    const { view, stage } = painter.current!;
    const { x, y } = toPicture(view, stage.size.width / 2, stage.size.height / 2);
    return { x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5 };
  };
  return {
    at,
    move(dx, dy) {
      if (document === null || painter.current === null) return;
      const { x, y } = now.current ?? start();
      const next = {
        x: Math.max(0.5, Math.min(document.width - 0.5, x + dx)),
        y: Math.max(0.5, Math.min(document.height - 0.5, y + dy)),
      };
      put(next);
      painter.current.move([{ ...next, pressure: null }]);
    },
    press() {
      if (document === null || painter.current === null) return;
      const point = now.current ?? start();
      if (now.current === null) put(point);
      if (isDown.current) painter.current.up();
      else painter.current.down({ ...point, pressure: null }, false);
      if (painter.current.isOutlining) painter.current.up();
      isDown.current = !isDown.current && painter.current.isPainting && !painter.current.isOutlining;
    },
    stop() {
      if (now.current === null) return;
      if (isDown.current) painter.current?.up();
      isDown.current = false;
      put(null);
    },
  };
}
