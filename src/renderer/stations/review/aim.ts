// Where the panes look: the whole picture, the defect, or every pixel as it is.

import type { Extent, SyncedView, ViewState } from '../../ui/index.ts';
import type { Zoom } from './one-by-one.tsx';
import type { ReviewedPicture } from './order.ts';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room around a defect, as a factor of its longer side. */
const ROOM = 2;
const MOST_SCALE = 16;

export function boundsOf({ checks }: Pick<ReviewedPicture, 'checks'>): Rect | null {
  const bounds = checks.bounds as Rect | null | undefined;
  return bounds ?? null;
}

export function aimed(zoom: Zoom, picture: ReviewedPicture, box: Extent): ViewState {
  if (zoom === 'whole') return null;
  const bounds = boundsOf(picture) ?? { x: 0, y: 0, width: picture.width, height: picture.height };
  const centre = { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 };
  if (zoom === 'pixels') return { ...centre, scale: 1 / window.devicePixelRatio };
  const whole = Math.min(box.width / picture.width, box.height / picture.height);
  const near = Math.min(box.width, box.height) / (ROOM * Math.max(bounds.width, bounds.height, 8));
  return near <= whole ? null : { ...centre, scale: Math.min(MOST_SCALE, near) };
}

/** The same view of a picture whose defect lies (dx, dy) pixels further. */
export function shifted(view: SyncedView, dx: number, dy: number): SyncedView {
  let from: ViewState = null;
  let made: ViewState = null;
  return {
    get() {
      const now = view.get();
      if (now !== from) {
        from = now;
        made = now === null ? null : { scale: now.scale, x: now.x + dx, y: now.y + dy };
      }
      return made;
    },
    set(next) {
      const to = typeof next === 'function' ? next(this.get()) : next;
      view.set(to === null ? null : { scale: to.scale, x: to.x - dx, y: to.y - dy });
    },
    subscribe: (listener) => view.subscribe(listener),
  };
}
