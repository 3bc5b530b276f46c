// One picture at a time: panes on the left, what to do on the right, one key per decision.

import { useEffect, useRef, useState } from 'react';
import { useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState, Segmented, useKeys } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { Decisions } from './decisions.tsx';
import { countsOf, nextUndecided, type ReviewedPicture } from './order.ts';
import { Panes } from './panes.tsx';
import { REASONS } from './reasons.ts';
import { RepairDialog } from './repair-dialog.tsx';
import { station } from './station.ts';
import { usePrefetch } from './use-prefetch.ts';
import type { Review } from './use-review.ts';

export const ZOOMS = ['whole', 'defect', 'pixels'] as const;
export type Zoom = (typeof ZOOMS)[number];
const LAYOUTS = ['four', 'pair'] as const;
export type Layout = (typeof LAYOUTS)[number];

interface OneByOneProps {
  review: Review;
  all: readonly ReviewedPicture[];
  /** Filtered and in order. */
  pictures: readonly ReviewedPicture[];
  current: string | null;
  onCurrent(id: string | null): void;
  onShowAll(): void;
}

export function OneByOne({ review, all, pictures, current, onCurrent, onShowAll }: OneByOneProps) {
  const at = Math.max(
    0,
    pictures.findIndex(({ id }) => id === current),
  );
  const picture = pictures[at];
  if (picture === undefined)
    return <Nothing all={all} review={review} onCurrent={onCurrent} onShowAll={onShowAll} />;
  return <Looking {...{ review, pictures, picture, at, onCurrent }} />;
}

/** The panes take the focus, so that Tab there leads to the next undecided picture. */
const HOLDS_FOCUS = { tabIndex: 0 };

interface LookingProps {
  review: Review;
  pictures: readonly ReviewedPicture[];
  picture: ReviewedPicture;
  at: number;
  onCurrent(id: string | null): void;
}

function Looking({ review, pictures, picture, at, onCurrent }: LookingProps) {
  const t = useTexts('review');
  const viewer = useRef<HTMLElement>(null);
  const [zoom, setZoom] = useStored<Zoom>('review.zoom', 'whole');
  const [layout, setLayout] = useStored<Layout>('review.layout', 'four');
  const [overlay, setOverlay] = useStored<boolean>('review.overlay', false);
  const [difference, setDifference] = useState(false);
  const [blink, setBlink] = useState(false);
  const [repairing, setRepairing] = useState(false);
  usePrefetch(pictures, at);
  useEffect(() => viewer.current?.focus({ preventScroll: true }), []);

  const { id } = picture;
  const go = (to: number): void => {
    const target = pictures[Math.max(0, Math.min(pictures.length - 1, to))];
    onCurrent(target.id);
  };
  const goNext = (): void => {
    const next = nextUndecided(pictures, id);
    if (next !== null) onCurrent(next);
  };
  const decide = (decision: 'accept' | 'reject' | 'reset', reason?: string): void => {
    const next = nextUndecided(pictures, id) ?? pictures[at + 1]?.id ?? id;
    review.decide([id], decision, reason);
    if (decision !== 'reset') onCurrent(next);
  };
  const regenerate = (): void => {
    review.replace(id);
    goNext();
  };
  const move = async (way: 'undo' | 'redo'): Promise<void> => {
    const [first] = await review.move(way);
    if (first !== undefined) onCurrent(first);
  };

  useKeys(t.keys, [
    { keys: 'A', title: t.accept, run: () => decide('accept') },
    ...REASONS.map((reason, i) => ({
      keys: String(i + 1),
      title: `${t.reject}: ${t.reasons[reason]}`,
      run: () => decide('reject', reason),
    })),
    { keys: 'M', title: t.repair, run: () => picture.hasMask && setRepairing(true) },
    { keys: 'R', title: t.regenerate, run: regenerate },
    { keys: 'L', title: t.reset, run: () => decide('reset') },
    { keys: 'Z Mod+Z', title: t.undo, run: () => void move('undo') },
    { keys: 'Shift+Z Mod+Shift+Z Mod+Y', title: t.redo, run: () => void move('redo') },
    { keys: 'N', title: t.next, run: goNext },
    { keys: 'ArrowLeft', title: t.back, run: () => go(at - 1) },
    { keys: 'ArrowRight', title: t.forward, run: () => go(at + 1) },
    { keys: 'B', title: t.blink, run: () => setBlink((now) => !now) },
    { keys: 'D', title: t.difference, run: () => setDifference((now) => !now) },
    { keys: 'H', title: t.showMask, run: () => setOverlay(!overlay) },
    { keys: 'W', title: `${t.zoom}: ${t.zooms.whole}`, run: () => setZoom('whole') },
    { keys: 'F', title: `${t.zoom}: ${t.zooms.defect}`, run: () => setZoom('defect') },
    { keys: '0', title: `${t.zoom}: ${t.zooms.pixels}`, run: () => setZoom('pixels') },
    {
      keys: 'S',
      title: `${t.layout}: ${t.layouts.pair}`,
      run: () => setLayout(layout === 'four' ? 'pair' : 'four'),
    },
  ]);

  return (
    <div className="review-one">
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: holds the focus for the keys of the station */}
      <section
        ref={viewer}
        className="review-viewer"
        {...HOLDS_FOCUS}
        aria-label={`${t.place(at + 1, pictures.length)}: ${picture.type ?? t.goodType}`}
        onKeyDown={(event) => {
          if (event.key !== 'Tab' || event.shiftKey || event.target !== event.currentTarget) return;
          event.preventDefault();
          goNext();
        }}
      >
        <Panes {...{ picture, zoom, layout, overlay, difference, blink }} />
        <div className="review-looks">
          <Segmented
            label={t.zoom}
            value={zoom}
            options={ZOOMS.map((value) => ({ value, label: t.zooms[value] }))}
            onValue={setZoom}
          />
          <Segmented
            label={t.layout}
            value={layout}
            options={LAYOUTS.map((value) => ({ value, label: t.layouts[value] }))}
            onValue={setLayout}
          />
          <Button aria-pressed={overlay} onClick={() => setOverlay(!overlay)}>
            {t.showMask} <kbd>H</kbd>
          </Button>
          <Button aria-pressed={difference} onClick={() => setDifference(!difference)}>
            {t.difference} <kbd>D</kbd>
          </Button>
          <Button aria-pressed={blink} onClick={() => setBlink(!blink)}>
            {t.blink} <kbd>B</kbd>
          </Button>
        </div>
      </section>
      <Decisions
        picture={picture}
        place={t.place(at + 1, pictures.length)}
        onDecide={decide}
        onRepair={() => setRepairing(true)}
        onRegenerate={regenerate}
        onMove={move}
        onGo={(by) => go(at + by)}
        onNext={goNext}
      />
      {repairing && picture.hasMask && (
        <RepairDialog
          key={id}
          picture={picture}
          review={review}
          onClose={() => setRepairing(false)}
          onReplaced={goNext}
        />
      )}
    </div>
  );
}

interface NothingProps {
  all: readonly ReviewedPicture[];
  review: Review;
  onCurrent(id: string): void;
  onShowAll(): void;
}

/** No picture fits the filters: because all are decided, or because none is like that. */
function Nothing({ all, review, onCurrent, onShowAll }: NothingProps) {
  const t = useTexts('review');
  const goTo = useGoTo();
  const { undecided, accepted } = countsOf(all);
  const undo = async (): Promise<void> => {
    const [first] = await review.move('undo');
    if (first !== undefined) onCurrent(first);
  };
  useKeys(t.keys, [{ keys: 'Z Mod+Z', title: t.undo, run: () => void undo() }]);
  const done = undecided === 0;
  return (
    <EmptyState
      icon={station.icon}
      title={done ? t.allDone : t.noneFit}
      text={done ? t.allDoneText(accepted) : t.noneFitText}
    >
      {done && accepted > 0 && (
        <Button look="primary" onClick={() => goTo('export')}>
          {t.toExport}
        </Button>
      )}
      <Button onClick={onShowAll}>{t.showAll}</Button>
      <Button onClick={() => void undo()}>
        {t.undo} <kbd>Z</kbd>
      </Button>
    </EmptyState>
  );
}
