// Listens to pointer and wheel over the canvas: painting, panning, zooming, brush size by dragging.

import { MOST_BRUSH } from '../../core/labels/step.ts';
import type { Painter } from './painter.ts';
import type { PenPoint } from './tools/tool.ts';
import { toPicture } from './view.ts';

export interface PointerHost {
  readonly painter: Painter;
  /** Brush diameter now, px. */
  brushSize(): number;
  setBrushSize(size: number): void;
  /** The pointer is here, in CSS pixels from the corner; null: it has left. */
  cursor(at: { x: number; y: number } | null): void;
  /** The pointer was moved by hand. */
  moved(): void;
}

const WHEEL_STEP = 1.0015;

/** Returns what stops listening. */
export function listenToPointer(element: HTMLElement, host: PointerHost): () => void {
  const { painter } = host;
  let space = false;
  let drag: { kind: 'paint' | 'pan' | 'size'; id: number; from: number; size: number } | null = null;
  let last = { x: 0, y: 0 };

  const dots = (): number => window.devicePixelRatio;
  const place = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const penPoint = (event: PointerEvent, corner: DOMRect): PenPoint => {
    const at = toPicture(
      painter.view,
      (event.clientX - corner.left) * dots(),
      (event.clientY - corner.top) * dots(),
    );
    return { ...at, pressure: event.pointerType === 'pen' ? event.pressure : null };
  };

  const down = (event: PointerEvent): void => {
    if (drag !== null) return;
    element.focus({ preventScroll: true });
    const pans = event.button === 1 || (event.button === 0 && space);
    if (!pans && event.button !== 0 && event.button !== 2) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const kind = pans ? 'pan' : event.altKey ? 'size' : 'paint';
    drag = { kind, id: event.pointerId, from: event.clientX, size: host.brushSize() };
    last = { x: event.clientX, y: event.clientY };
    if (kind === 'paint') {
      const erases = event.button === 2 || event.shiftKey || (event.buttons & 32) !== 0;
      painter.down(penPoint(event, element.getBoundingClientRect()), erases);
    }
  };
  const move = (event: PointerEvent): void => {
    if (event.movementX !== 0 || event.movementY !== 0) host.moved();
    if (drag?.kind !== 'size') host.cursor(place(event));
    if (drag !== null && event.pointerId !== drag.id) return;
    if (drag?.kind === 'pan') {
      painter.pan((event.clientX - last.x) * dots(), (event.clientY - last.y) * dots());
      last = { x: event.clientX, y: event.clientY };
    } else if (drag?.kind === 'size') {
      const size = drag.size + ((event.clientX - drag.from) * dots()) / painter.view.scale / 2;
      host.setBrushSize(Math.max(1, Math.min(MOST_BRUSH, Math.round(size))));
    } else {
      const corner = element.getBoundingClientRect();
      const all = event.getCoalescedEvents?.() ?? [];
      painter.move((all.length > 0 ? all : [event]).map((each) => penPoint(each, corner)));
    }
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== drag?.id) return;
    const { kind } = drag;
    drag = null;
    if (kind !== 'paint') return;
    if (event.type === 'pointercancel') painter.cancel();
    else painter.up();
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { x, y } = place(event);
    const turned = event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
    painter.zoom(WHEEL_STEP ** -turned, x * dots(), y * dots());
    host.cursor({ x, y });
  };
  const leave = (): void => host.cursor(null);
  const key = (event: KeyboardEvent): void => {
    if (event.code !== 'Space') return;
    const isOver = element.matches(':hover') || element.contains(document.activeElement);
    space = event.type === 'keydown' && isOver;
    element.classList.toggle('panning', space);
    if (space && (event.target === document.body || element.contains(event.target as Node)))
      event.preventDefault();
  };
  const menu = (event: Event): void => event.preventDefault();
  const twice = (): void => painter.finish();

  const heard: [string, (event: never) => void, AddEventListenerOptions?][] = [
    ['pointerdown', down],
    ['pointermove', move],
    ['pointerup', end],
    ['pointercancel', end],
    ['pointerleave', leave],
    ['wheel', wheel, { passive: false }],
    ['contextmenu', menu],
    ['dblclick', twice],
  ];
  for (const [name, listener, options] of heard)
    element.addEventListener(name, listener as EventListener, options);
  window.addEventListener('keydown', key);
  window.addEventListener('keyup', key);
  return () => {
    for (const [name, listener] of heard) element.removeEventListener(name, listener as EventListener);
    window.removeEventListener('keydown', key);
    window.removeEventListener('keyup', key);
  };
}
