// Zooming by the wheel and panning by Space-drag or the middle button.

import { type RefObject, useEffect, useState } from 'react';
import { type Extent, pannedBy, type SyncedView, settled, zoomedAt } from './view-state.ts';

const WHEEL_STEP = 1.0015;

/** True while the picture is being moved. */
export function useNavigation(
  ref: RefObject<HTMLElement | null>,
  view: SyncedView,
  box: Extent,
  picture: Extent,
): boolean {
  const [panning, setPanning] = useState(false);
  useEffect(() => {
    const element = ref.current!;
    let space = false;
    let dragged: number | null = null;
    const now = () => settled(view.get(), box, picture);
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const factor = WHEEL_STEP ** -(event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY);
      view.set(zoomedAt(now(), box, { px: event.clientX - left, py: event.clientY - top, factor }));
    };
    const down = (event: PointerEvent): void => {
      if (event.button !== 1 && !(event.button === 0 && space)) return;
      event.preventDefault();
      event.stopPropagation();
      dragged = event.pointerId;
      element.setPointerCapture(event.pointerId);
      setPanning(true);
    };
    const move = (event: PointerEvent): void => {
      if (event.pointerId === dragged) view.set(pannedBy(now(), event.movementX, event.movementY));
    };
    const up = (event: PointerEvent): void => {
      if (event.pointerId !== dragged) return;
      dragged = null;
      setPanning(false);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.code !== 'Space') return;
      space = event.type === 'keydown';
      const inside = element.contains(document.activeElement) || element.matches(':hover');
      if (space && inside && !isControl(event.target)) event.preventDefault();
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down, { capture: true });
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    window.addEventListener('keydown', key);
    window.addEventListener('keyup', key);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down, { capture: true });
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      window.removeEventListener('keydown', key);
      window.removeEventListener('keyup', key);
    };
  }, [ref, view, box, picture]);
  return panning;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('button, input, select, textarea, a');
}
