// A picture with a mask that is painted on it: brush, eraser and box, zoom and pan, undo per stroke.

import {
  type CSSProperties,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from '../../api/store.ts';
import { useNavigation } from '../../ui/image-view/use-navigation.ts';
import {
  cornerOf,
  type Extent,
  settled,
  showsHardPixels,
  toPicture,
  useSyncedView,
  ZoomBar,
} from '../../ui/index.ts';
import './mask-painter.css';
import { Painting, type Point } from './painting.ts';
import type { RunLengths } from './run-lengths.ts';

export type PaintTool = 'brush' | 'eraser' | 'box';

export interface PaintViewProps {
  src: string;
  /** Read out for the area that is painted on. */
  label: string;
  width: number;
  height: number;
  start: RunLengths | null;
  tool: PaintTool;
  /** Diameter, px of the picture. */
  size: number;
  opacity: number;
  /** Gives the painting when it is there, and after every stroke. */
  onPainting(painting: Painting): void;
}

const NO_BOX: Extent = { width: 0, height: 0 };

export function PaintView(props: PaintViewProps) {
  const { src, label, width, height, start, tool, size, opacity, onPainting } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painting = useRef<Painting | null>(null);
  const last = useRef<Point | null>(null);
  const [box, setBox] = useState(NO_BOX);
  const [pointer, setPointer] = useState<Point | null>(null);
  const [boxStart, setBoxStart] = useState<Point | null>(null);
  const view = useSyncedView();
  const picture = useMemo(() => ({ width, height }), [width, height]);
  const panning = useNavigation(frame, view, box, picture);
  const state = settled(useStore(view), box, picture);
  const report = useRef(onPainting);
  report.current = onPainting;

  useLayoutEffect(() => {
    const element = frame.current!;
    const measure = (): void => setBox({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  // Loaded again but the same: what is painted stays.
  const counts = start?.counts ?? null;
  useEffect(() => {
    const from = counts === null ? null : { width, height, counts };
    painting.current = new Painting(canvas.current!, { width, height }, from);
    report.current(painting.current);
  }, [width, height, counts]);

  const at = (event: PointerEvent): Point => {
    const { left, top } = frame.current!.getBoundingClientRect();
    return toPicture(state, box, event.clientX - left, event.clientY - top);
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || painting.current === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    last.current = point;
    painting.current.begin();
    if (tool === 'box') setBoxStart(point);
    else painting.current.line(point, point, size, tool === 'brush');
  };
  const move = (event: PointerEvent): void => {
    setPointer(at(event));
    if (last.current === null || painting.current === null || tool === 'box') return;
    for (const each of event.nativeEvent.getCoalescedEvents?.() ?? [event.nativeEvent]) {
      const { left, top } = frame.current!.getBoundingClientRect();
      const point = toPicture(state, box, each.clientX - left, each.clientY - top);
      painting.current.line(last.current, point, size, tool === 'brush');
      last.current = point;
    }
  };
  const up = (event: PointerEvent): void => {
    if (last.current === null || painting.current === null) return;
    if (boxStart !== null) painting.current.box(boxStart, at(event), true);
    painting.current.end();
    last.current = null;
    setBoxStart(null);
    report.current(painting.current);
  };

  const { left, top } = cornerOf(state, box);
  const placed: CSSProperties = {
    width: width * state.scale,
    height: height * state.scale,
    transform: `translate(${left}px, ${top}px)`,
  };
  const hard = showsHardPixels(state.scale, window.devicePixelRatio);
  return (
    <div
      ref={frame}
      className={panning ? 'image-view mask-painter panning' : 'image-view mask-painter'}
      role="application"
      aria-label={label}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onPointerLeave={() => setPointer(null)}
    >
      <div className={hard ? 'image-layer hard' : 'image-layer'} style={placed}>
        <img src={src} alt="" draggable={false} />
        <div className="mask-painter-tint" style={{ opacity }}>
          <canvas ref={canvas} />
        </div>
        <svg className="image-draw" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {boxStart !== null && pointer !== null && <BoxOutline a={boxStart} b={pointer} />}
          {pointer !== null && tool !== 'box' && (
            <circle className="mask-painter-cursor" cx={pointer.x} cy={pointer.y} r={size / 2} />
          )}
        </svg>
      </div>
      <ZoomBar view={view} box={box} picture={picture} />
    </div>
  );
}

function BoxOutline({ a, b }: { a: Point; b: Point }) {
  return (
    <rect
      className="mask-painter-cursor"
      x={Math.min(a.x, b.x)}
      y={Math.min(a.y, b.y)}
      width={Math.abs(a.x - b.x)}
      height={Math.abs(a.y - b.y)}
    />
  );
}
