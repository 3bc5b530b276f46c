// Rectangle and ellipse by dragging, in whole pixels.

import type { Rect } from '../../../core/image/raster.ts';
import type { PenPoint, Tool } from './tool.ts';

const shape =
  (kind: 'rectangle' | 'ellipse'): Tool =>
  (context, from) => {
    let to = from;
    context.sketch({ kind, box: boxOf(from, to) });
    return {
      move(points) {
        to = points.at(-1) ?? to;
        context.sketch({ kind, box: boxOf(from, to) });
      },
      up() {
        context.sketch(null);
        const { width, height } = context.document;
        const box = boxOf(from, to);
        const x = Math.max(0, box.x);
        const y = Math.max(0, box.y);
        // An ellipse keeps its shape beyond the border; a box is cut.
        const right = Math.min(width, box.x + box.width);
        const bottom = Math.min(height, box.y + box.height);
        if (right <= x || bottom <= y) return;
        const cut = { x, y, width: right - x, height: bottom - y };
        context.commit({
          kind,
          layer: context.layer,
          add: !context.erase,
          ...(kind === 'ellipse' ? box : cut),
        });
      },
      cancel: () => context.sketch(null),
    };
  };

export const rectangle = shape('rectangle');
export const ellipse = shape('ellipse');

/** Every pixel that the drag has touched belongs to it. */
function boxOf(a: PenPoint, b: PenPoint): Rect {
  const x = Math.floor(Math.min(a.x, b.x));
  const y = Math.floor(Math.min(a.y, b.y));
  return {
    x,
    y,
    width: Math.floor(Math.max(a.x, b.x)) + 1 - x,
    height: Math.floor(Math.max(a.y, b.y)) + 1 - y,
  };
}
