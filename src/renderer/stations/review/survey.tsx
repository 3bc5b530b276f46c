// Many at once: a contact sheet with quick decisions by keyboard.

import { useEffect, useRef, useState } from 'react';
import { mediaUrl, useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Checkbox, EmptyState, useKeys, VirtualGrid } from '../../ui/index.ts';
import { boundsOf, type Rect } from './aim.ts';
import { Status } from './decisions.tsx';
import type { ReviewedPicture } from './order.ts';
import { REASONS } from './reasons.ts';
import { station } from './station.ts';
import type { Review } from './use-review.ts';
import { whyOf } from './why.ts';

interface SurveyProps {
  review: Review;
  pictures: readonly ReviewedPicture[];
  /** Whether decided pictures go out of the list. */
  leaves: boolean;
  onOpen(id: string): void;
}

/** Twelve at once in a window of 1280 by 720. */
const CELL = { width: 280, height: 250 };
const SIZES = [256, 512, 1024, 2048] as const;
/** Screen pixels that a cell's picture fills. */
const SHOWN = 270;

export function Survey({ review, pictures, leaves, onOpen }: SurveyProps) {
  const t = useTexts('review');
  const [focused, setFocused] = useState(0);
  const [near, setNear] = useStored<boolean>('review.near', true);
  const [masks, setMasks] = useStored<boolean>('review.surveyMasks', true);
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(
    () => sheet.current?.querySelector<HTMLElement>('[role=listbox]')?.focus({ preventScroll: true }),
    [],
  );
  const at = Math.min(focused, Math.max(0, pictures.length - 1));
  const open = pictures.filter((picture) => picture.status === 'undecided' && picture.flags.length === 0);
  const decide = (decision: 'accept' | 'reject', reason?: string): void => {
    const picture = pictures[at];
    if (picture === undefined) return;
    review.decide([picture.id], decision, reason);
    // Where decided ones leave the list, the next one moves up.
    if (!leaves && at + 1 < pictures.length) setFocused(at + 1);
  };
  useKeys(t.keys, [
    { keys: 'A', title: t.accept, run: () => decide('accept') },
    ...REASONS.map((reason, i) => ({
      keys: String(i + 1),
      title: `${t.reject}: ${t.reasons[reason]}`,
      run: () => decide('reject', reason),
    })),
    { keys: 'Z Mod+Z', title: t.undo, run: () => void review.move('undo') },
    { keys: 'Shift+Z Mod+Shift+Z Mod+Y', title: t.redo, run: () => void review.move('redo') },
    { keys: 'H', title: t.showMask, run: () => setMasks(!masks) },
    { keys: 'F', title: t.closeUp, run: () => setNear(!near) },
  ]);
  if (pictures.length === 0) {
    return (
      <EmptyState icon={station.icon} title={t.noneFit} text={t.noneFitText}>
        <Button onClick={() => void review.move('undo')}>
          {t.undo} <kbd>Z</kbd>
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className="review-survey">
      <div className="row review-survey-bar">
        <Checkbox label={t.closeUp} checked={near} onValue={setNear} />
        <Checkbox label={t.showMask} checked={masks} onValue={setMasks} />
        <span className="grow small soft">{t.surveyHint}</span>
        <Button
          disabled={open.length === 0}
          onClick={() =>
            review.decide(
              open.map(({ id }) => id),
              'accept',
            )
          }
        >
          {t.acceptUnflagged(open.length)}
        </Button>
      </div>
      <div ref={sheet} className="review-sheet">
        <VirtualGrid
          label={t.survey}
          count={pictures.length}
          cell={CELL}
          focused={at}
          onFocus={setFocused}
          onOpen={(index) => onOpen(pictures[index].id)}
          render={(index, isFocused) => (
            <Cell picture={pictures[index]} focused={isFocused} near={near} mask={masks} />
          )}
        />
      </div>
    </div>
  );
}

function Cell({
  picture,
  focused,
  near,
  mask,
}: {
  picture: ReviewedPicture;
  focused: boolean;
  near: boolean;
  mask: boolean;
}) {
  const t = useTexts('review');
  const { status, flags, type, hasMask } = picture;
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const rect = (near ? around(picture) : null) ?? whole;
  const name = `${type ?? t.goodType} ${picture.index + 1}`;
  const why = flags.map((flag) => whyOf(t, picture, flag) ?? flag).join('\n');
  return (
    <figure className={`review-cell ${status} ${focused ? 'focused' : ''}`} title={why || undefined}>
      <div className="review-cell-picture">
        <Crop picture={picture} rect={rect} mask={mask && hasMask} alt={name} />
      </div>
      <figcaption>
        {status !== 'undecided' && <Status picture={picture} />}
        <span className="small soft">{name}</span>
        {flags.length > 0 && (
          <span className="small review-cell-flags ellipsis">
            ⚑ {flags.map((flag) => t.short[flag] ?? flag).join(', ')}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

/** Part of a picture, from the smallest version that is sharp enough. */
function Crop({
  picture,
  rect,
  mask,
  alt,
}: {
  picture: ReviewedPicture;
  rect: Rect;
  mask: boolean;
  alt: string;
}) {
  const { id, width, height, repairs } = picture;
  const needed = (SHOWN * Math.max(width, height)) / Math.max(rect.width, rect.height);
  const size = SIZES.find((each) => each >= needed);
  const view = { size, revision: repairs };
  return (
    <svg viewBox={`${rect.x} ${rect.y} ${rect.width} ${rect.height}`} role="img" aria-label={alt}>
      <image
        href={mediaUrl({ kind: 'generated', id }, view)}
        width={width}
        height={height}
        preserveAspectRatio="none"
      />
      {mask && (
        <foreignObject x={0} y={0} width={width} height={height}>
          <div
            className="review-cell-mask"
            style={{ maskImage: `url("${mediaUrl({ kind: 'generated-mask', id }, view)}")` }}
          />
        </foreignObject>
      )}
    </svg>
  );
}

/** A part of the cell's shape around the defect; null where it is most of the picture. */
function around(picture: ReviewedPicture): Rect | null {
  const bounds = boundsOf(picture);
  if (bounds === null) return null;
  const width = Math.max(64, 2.4 * bounds.width, 2.4 * 1.35 * bounds.height);
  if (width > 0.9 * picture.width) return null;
  const height = width / 1.35;
  const place = (centre: number, length: number, whole: number): number =>
    length >= whole ? (whole - length) / 2 : Math.min(whole - length, Math.max(0, centre - length / 2));
  return {
    x: place(bounds.x + bounds.width / 2, width, picture.width),
    y: place(bounds.y + bounds.height / 2, height, picture.height),
    width,
    height,
  };
}
