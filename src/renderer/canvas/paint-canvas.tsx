// The canvas as a component: picture and masks, the brush's ring, and the shape that is being made.

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import './canvas.css';
import { Painter, type PainterEvents, type PainterState, type Subject } from './painter.ts';
import type { PixelTools } from './pixel-tools.ts';
import { listenToPointer } from './pointer.ts';
import type { Sketch } from './tools/tool.ts';
import { toScreen, type View } from './view.ts';

export interface PaintCanvasProps {
  label: string;
  subject: Subject | null;
  /** The view stays when the subject changes from one of this name to another of it. */
  viewKey: string;
  state: PainterState;
  pixels: PixelTools;
  events: Omit<PainterEvents, 'sketch' | 'view'> & { view?(view: View): void };
  onPainter(painter: Painter | null): void;
  /** Where the keys have put the pen, in picture pixels; null while the mouse is used. */
  keyPen: { x: number; y: number } | null;
  /** The mouse has moved. */
  onMouse(): void;
  children?: ReactNode;
}

export function PaintCanvas(props: PaintCanvasProps) {
  const { label, subject, viewKey, state, keyPen, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLDivElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const painter = useRef<Painter | null>(null);
  const shownKey = useRef('');
  const newest = useRef(props);
  newest.current = props;
  const [sketch, setSketch] = useState<Sketch | null>(null);
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0 });

  useLayoutEffect(() => {
    const element = box.current!;
    const events: PainterEvents = {
      commit: (step, done) => newest.current.events.commit(step, done),
      settings: (next) => newest.current.events.settings(next),
      remark: (remark) => newest.current.events.remark(remark),
      busy: (busy) => newest.current.events.busy(busy),
      sketch: setSketch,
      view(next) {
        setView(next);
        newest.current.events.view?.(next);
      },
    };
    const canvases = { picture: picture.current!, overlay: overlay.current! };
    const made = new Painter(canvases, newest.current.pixels, newest.current.state, events);
    painter.current = made;
    newest.current.onPainter(made);
    const measure = (): void => {
      const dots = window.devicePixelRatio;
      made.resize({
        width: Math.max(1, Math.round(element.clientWidth * dots)),
        height: Math.max(1, Math.round(element.clientHeight * dots)),
      });
      made.stage.flush();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const stop = listenToPointer(element, {
      painter: made,
      brushSize: () => newest.current.state.settings.size,
      setBrushSize: (size) => newest.current.events.settings({ size }),
      cursor: (at) => placeRing(ring.current!, at, made.view, newest.current.state),
      moved: () => newest.current.onMouse(),
    });
    return () => {
      stop();
      observer.disconnect();
      made.close();
      painter.current = null;
      newest.current.onPainter(null);
    };
  }, []);

  useEffect(() => {
    painter.current!.open(subject, shownKey.current === viewKey);
    if (subject !== null) shownKey.current = viewKey;
  }, [subject, viewKey]);
  useEffect(() => painter.current!.update(state), [state]);
  useEffect(() => {
    const element = ring.current!;
    if (keyPen !== null) {
      const { dx, dy } = toScreen(view, keyPen.x, keyPen.y);
      const dots = window.devicePixelRatio;
      placeRing(element, { x: dx / dots, y: dy / dots }, view, state);
    } else sizeRing(element, view, state);
  }, [state, view, keyPen]);

  return (
    <div
      ref={box}
      className={`paint tool-${state.tool}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is painted on, by keys too
      tabIndex={0}
      role="application"
      aria-label={label}
    >
      <canvas ref={picture} />
      <div ref={overlay} className="paint-masks" />
      <SketchView sketch={sketch} view={view} />
      <div ref={ring} className="paint-ring" hidden />
      {children}
    </div>
  );
}

const hasRing = ({ tool, locked }: PainterState): boolean =>
  locked === null && (tool === 'brush' || tool === 'eraser');

function placeRing(
  element: HTMLElement,
  at: { x: number; y: number } | null,
  view: View,
  state: PainterState,
): void {
  element.hidden = at === null;
  if (at === null) return;
  sizeRing(element, view, state);
  element.style.transform = `translate(${at.x}px, ${at.y}px)`;
}

function sizeRing(element: HTMLElement, view: View, state: PainterState): void {
  const size = hasRing(state) ? Math.max(3, (state.settings.size * view.scale) / window.devicePixelRatio) : 0;
  const text = `${size}px`;
  if (element.style.width === text) return;
  element.style.width = text;
  element.style.height = text;
  element.style.margin = `${-size / 2}px`;
  element.classList.toggle('cross', size === 0);
}

function SketchView({ sketch, view }: { sketch: Sketch | null; view: View }) {
  if (sketch === null) return null;
  const dots = window.devicePixelRatio;
  const at = (x: number, y: number): [number, number] => {
    const { dx, dy } = toScreen(view, x, y);
    return [dx / dots, dy / dots];
  };
  if (sketch.kind === 'outline') {
    const points: string[] = [];
    for (let i = 0; i < sketch.points.length; i += 2)
      points.push(at(sketch.points[i], sketch.points[i + 1]).join());
    const [x, y] = at(sketch.points[0], sketch.points[1]);
    return (
      <svg className="paint-sketch" aria-hidden="true">
        <polyline className="under" points={points.join(' ')} />
        <polyline points={points.join(' ')} />
        <circle cx={x} cy={y} r={5} />
      </svg>
    );
  }
  const { box } = sketch;
  const [x, y] = at(box.x, box.y);
  const [right, bottom] = at(box.x + box.width, box.y + box.height);
  const [width, height] = [right - x, bottom - y];
  const ellipse = { cx: x + width / 2, cy: y + height / 2, rx: width / 2, ry: height / 2 };
  return (
    <svg className="paint-sketch" aria-hidden="true">
      {sketch.kind === 'rectangle' ? (
        <>
          <rect className="under" {...{ x, y, width, height }} />
          <rect {...{ x, y, width, height }} />
        </>
      ) : (
        <>
          <ellipse className="under" {...ellipse} />
          <ellipse {...ellipse} />
        </>
      )}
    </svg>
  );
}
