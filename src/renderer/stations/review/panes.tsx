// Good picture, generated, mask and nearest real defect under one zoom; difference and blinking in their places.

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { mediaUrl, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { ImageView, type Overlay, type SyncedView, useSyncedView } from '../../ui/index.ts';
import { aimed, shifted } from './aim.ts';
import type { Layout, Zoom } from './one-by-one.tsx';
import type { ReviewedPicture } from './order.ts';
import { useDifference } from './use-difference.ts';

interface PanesProps {
  picture: ReviewedPicture;
  zoom: Zoom;
  layout: Layout;
  /** The mask over the generated picture. */
  overlay: boolean;
  difference: boolean;
  blink: boolean;
}

const BLINK_MS = 450;
/** Nearer than this to a real defect (0 the same, 1 nothing in common) a picture is hardly a new one. */
const NEARLY_A_COPY = 0.04;

export function Panes({ picture, zoom, layout, overlay, difference, blink }: PanesProps) {
  const t = useTexts('review');
  const ref = useRef<HTMLDivElement>(null);
  const view = useSyncedView();
  const { id, width, height, repairs, source, sourceUse, hasMask } = picture;
  const near = useQuery(['review', 'nearest', id, repairs], async ({ engine, signal }) =>
    hasMask ? engine.review.nearest({ id }, { signal }) : null,
  );
  const below = sourceUse === 'source' ? source : null;
  const generatedUrl = mediaUrl({ kind: 'generated', id }, { revision: repairs });
  const maskUrl = hasMask ? mediaUrl({ kind: 'generated-mask', id }, { revision: repairs }) : null;
  const sourceUrl = below === null ? null : mediaUrl({ kind: 'picture', id: below });
  const blinking = useBlink(blink && sourceUrl !== null);
  const changes = useDifference(difference ? sourceUrl : null, generatedUrl);

  // Looks anew at another picture; not where a decision or a repair changed this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const { clientWidth, clientHeight } = ref.current!;
    const rows = layout === 'four' ? 2 : 1;
    const box = { width: clientWidth / 2, height: clientHeight / rows };
    view.set(aimed(zoom, picture, box));
  }, [view, zoom, layout, id]);

  const name = picture.type ?? t.goodType;
  const common = { view, width, height, controls: false };
  const overlays: Overlay[] = overlay && maskUrl !== null ? [{ src: maskUrl, opacity: 0.45 }] : [];
  return (
    <div ref={ref} className={`review-panes ${layout}`}>
      {changes !== null ? (
        <Pane title={t.panes.difference}>
          <ImageView {...common} src={changes} alt={`${t.panes.difference}: ${name}`} />
        </Pane>
      ) : sourceUrl !== null ? (
        <Pane title={t.panes.source}>
          <ImageView {...common} src={sourceUrl} alt={`${t.panes.source}: ${name}`} />
        </Pane>
      ) : (
        <ReferencePane source={source} />
      )}
      <Pane title={blinking === null ? t.panes.generated : t.panes.blinking} marked>
        <ImageView
          {...common}
          controls
          src={blinking === 'source' && sourceUrl !== null ? sourceUrl : generatedUrl}
          alt={`${t.panes.generated}: ${name}`}
          overlays={overlays}
        />
      </Pane>
      {layout === 'four' && (
        <>
          <Pane title={t.panes.mask}>
            {maskUrl === null ? (
              <p className="soft">{t.noMask}</p>
            ) : (
              <ImageView {...common} src={maskUrl} alt={`${t.panes.mask}: ${name}`} />
            )}
          </Pane>
          <NearestPane view={view} near={near.data ?? null} loading={near.loading} />
        </>
      )}
    </div>
  );
}

function Pane({ title, marked, children }: { title: string; marked?: boolean; children: ReactNode }) {
  return (
    <figure className={marked ? 'review-pane marked' : 'review-pane'}>
      {children}
      <figcaption className="small">{title}</figcaption>
    </figure>
  );
}

/** The picture that only started the drawing has another size: it goes its own way. */
function ReferencePane({ source }: { source: string | null }) {
  const t = useTexts('review');
  const { data } = useQuery(['pictures', 'get', source], async ({ engine, signal }) =>
    source === null ? null : engine.pictures.get({ id: source }, { signal }),
  );
  return (
    <Pane title={t.panes.reference}>
      {data == null ? (
        <p className="soft">{t.noSource}</p>
      ) : (
        <ImageView
          src={mediaUrl({ kind: 'picture', id: data.id })}
          alt={t.panes.reference}
          width={data.width}
          height={data.height}
          controls={false}
        />
      )}
    </Pane>
  );
}

interface Near {
  picture: string;
  file: string;
  width: number;
  height: number;
  distance: number;
  rect: { x: number; y: number; width: number; height: number };
  ownRect: { x: number; y: number; width: number; height: number };
}

/** Shown so that both defects are in the same place of their panes. */
function NearestPane({ view, near, loading }: { view: SyncedView; near: Near | null; loading: boolean }) {
  const t = useTexts('review');
  const dx = near === null ? 0 : near.rect.x + near.rect.width / 2 - near.ownRect.x - near.ownRect.width / 2;
  const dy =
    near === null ? 0 : near.rect.y + near.rect.height / 2 - near.ownRect.y - near.ownRect.height / 2;
  const moved = useMemo(() => shifted(view, dx, dy), [view, dx, dy]);
  const share = near === null ? '' : `${Math.round(100 * (1 - near.distance))} %`;
  const alike = near !== null && near.distance < NEARLY_A_COPY ? t.nearCopy(share) : t.likeness(share);
  if (near === null) {
    return (
      <Pane title={t.panes.nearest}>
        <p className="soft">{loading ? t.looking : t.noNearest}</p>
      </Pane>
    );
  }
  return (
    <Pane title={`${t.panes.nearest} · ${alike}`}>
      <ImageView
        src={mediaUrl({ kind: 'picture', id: near.picture })}
        alt={near.file}
        width={near.width}
        height={near.height}
        view={moved}
        controls={false}
      />
    </Pane>
  );
}

/** Which of the two is shown while blinking; null while not. */
function useBlink(on: boolean): 'source' | 'generated' | null {
  const [shown, setShown] = useState<'source' | 'generated'>('generated');
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setShown((now) => (now === 'source' ? 'generated' : 'source')), BLINK_MS);
    return () => clearInterval(timer);
  }, [on]);
  return on ? shown : null;
}
