// The brush and the eraser: what is under the pen is set at once, segment by segment.

import { brushCentre, brushSpans } from '../../../core/labels/brush.ts';
import { MOST_BRUSH } from '../../../core/labels/step.ts';
import type { Gesture, PenPoint, Tool, ToolContext } from './tool.ts';

/** Of the diameter, at the lightest touch. */
const LIGHTEST = 0.2;

export const brush: Tool = (context, at) => new Brushing(context, at);

class Brushing implements Gesture {
  readonly #context: ToolContext;
  readonly #done;
  readonly #points: number[] = [];
  readonly #sizes: number[] = [];
  #varies = false;

  constructor(context: ToolContext, at: PenPoint) {
    this.#context = context;
    this.#done = context.document.begin();
    this.move([at]);
  }

  move(points: readonly PenPoint[]): void {
    const { document, layer, erase } = this.#context;
    for (const point of points) {
      const size = this.#sizeAt(point);
      const x = brushCentre(point.x, size);
      const y = brushCentre(point.y, size);
      const n = this.#points.length;
      if (n > 0 && this.#points[n - 2] === x && this.#points[n - 1] === y) continue;
      this.#points.push(x, y);
      this.#sizes.push(size);
      const line = this.#points.slice(-4);
      document.paintLive(this.#done, layer, (tiles, journal) => {
        brushSpans({ points: line, size }, (row, x0, x1) =>
          tiles.fillSpan(row, x0, x1, erase ? 0 : 1, journal),
        );
      });
      this.#context.painted(boundsOf(line, size));
    }
  }

  up(): void {
    const { layer, settings, erase } = this.#context;
    const step = {
      kind: 'brush',
      layer,
      add: !erase,
      points: this.#points,
      size: settings.size,
      ...(this.#varies && { sizes: this.#sizes }),
    } as const;
    this.#context.commit(step, this.#done);
  }

  cancel(): void {
    const changed = this.#context.document.cancel(this.#done);
    if (changed !== null) this.#context.painted(changed);
  }

  #sizeAt({ pressure }: PenPoint): number {
    const { size, usePressure } = this.#context.settings;
    if (!usePressure || pressure === null) return size;
    this.#varies = true;
    const share = LIGHTEST + (1 - LIGHTEST) * pressure;
    return Math.max(1, Math.min(MOST_BRUSH, Math.round(size * share)));
  }
}

/** Pixels that a line in half pixels may have touched. */
function boundsOf(line: readonly number[], size: number) {
  const xs = line.filter((_, i) => i % 2 === 0);
  const ys = line.filter((_, i) => i % 2 === 1);
  const x = Math.floor((Math.min(...xs) - size) / 2) - 1;
  const y = Math.floor((Math.min(...ys) - size) / 2) - 1;
  return {
    x,
    y,
    width: Math.ceil((Math.max(...xs) + size) / 2) + 1 - x,
    height: Math.ceil((Math.max(...ys) + size) / 2) + 1 - y,
  };
}
