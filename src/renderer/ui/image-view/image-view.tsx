// A picture with zoom and pan, masks over it, and drawings in picture coordinates.

import { type CSSProperties, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../texts/index.ts';
import { IconButton } from '../button.tsx';
import { ICONS } from '../icon.tsx';
import { useNavigation } from './use-navigation.ts';
import {
  cornerOf,
  type Extent,
  type SyncedView,
  settled,
  showsHardPixels,
  useSyncedView,
  zoomedAt,
} from './view-state.ts';

export interface Overlay {
  /** Address of a mask picture: shown where it is white. */
  src: string;
  /** A CSS colour; the mask's own by default. */
  colour?: string;
  /** 0 to 1. */
  opacity?: number;
}

export interface ImageViewProps {
  src: string;
  alt: string;
  /** Size of the whole picture in its own pixels, whatever `src` gives. */
  width: number;
  height: number;
  /** Views that share one move together. */
  view?: SyncedView;
  overlays?: readonly Overlay[];
  /** SVG elements in picture coordinates. */
  children?: ReactNode;
  /** Buttons for zooming; off where several views share one bar. */
  controls?: boolean;
  className?: string;
}

const NO_BOX: Extent = { width: 0, height: 0 };

export function ImageView({
  src,
  alt,
  width,
  height,
  overlays = [],
  children,
  controls = true,
  className,
  ...rest
}: ImageViewProps) {
  const t = useTexts('common');
  const [lost, setLost] = useState<string | null>(null);
  const own = useSyncedView();
  const view = rest.view ?? own;
  const ref = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState(NO_BOX);
  const picture = useMemo(() => ({ width, height }), [width, height]);
  const panning = useNavigation(ref, view, box, picture);
  const state = settled(useStore(view), box, picture);

  useLayoutEffect(() => {
    const element = ref.current!;
    const measure = (): void => setBox({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const { left, top } = cornerOf(state, box);
  const hard = showsHardPixels(state.scale, window.devicePixelRatio);
  const placed: CSSProperties = {
    width: width * state.scale,
    height: height * state.scale,
    transform: `translate(${left}px, ${top}px)`,
  };
  return (
    <div ref={ref} className={['image-view', panning && 'panning', className].filter(Boolean).join(' ')}>
      {box !== NO_BOX && (
        <div className={hard ? 'image-layer hard' : 'image-layer'} style={placed}>
          {lost === src ? (
            <div className="picture-lost" role="img" aria-label={`${alt}: ${t.pictureLost}`}>
              {t.pictureLost}
            </div>
          ) : (
            <img src={src} alt={alt} draggable={false} decoding="async" onError={() => setLost(src)} />
          )}
          {overlays.map((overlay) => (
            <div key={overlay.src} className="image-overlay" style={overlayStyle(overlay)} />
          ))}
          {children && (
            <svg className="image-draw" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
              {children}
            </svg>
          )}
        </div>
      )}
      {controls && <ZoomBar view={view} box={box} picture={picture} />}
    </div>
  );
}

function overlayStyle({ src, colour = 'var(--mask)', opacity = 0.5 }: Overlay): CSSProperties {
  return { background: colour, opacity, maskImage: `url("${src}")` };
}

export function ZoomBar({ view, box, picture }: { view: SyncedView; box: Extent; picture: Extent }) {
  const t = useTexts('common');
  const state = settled(useStore(view), box, picture);
  const zoom = (factor: number): void =>
    view.set(zoomedAt(state, box, { px: box.width / 2, py: box.height / 2, factor }));
  return (
    <div className="image-zoom" role="toolbar" aria-label={t.zoom}>
      <IconButton icon={ICONS.minus} label={t.zoomOut} look="quiet" onClick={() => zoom(0.5)} />
      <output>{Math.round(100 * state.scale * window.devicePixelRatio)} %</output>
      <IconButton icon={ICONS.plus} label={t.zoomIn} look="quiet" onClick={() => zoom(2)} />
      <IconButton icon={ICONS.fit} label={t.zoomFit} look="quiet" onClick={() => view.set(null)} />
    </div>
  );
}
