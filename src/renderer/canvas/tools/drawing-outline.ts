// An outline: corners by clicking, or drawn by hand. A click on its beginning, a second one in place, or Enter closes it.

import type { Gesture, PenPoint, Tool, ToolContext } from './tool.ts';

/** So near to the first corner a click closes the outline, dots. */
const NEAR = 8;
/** Points of a hand-drawn line are at least this far apart, dots. */
const APART = 3;

export const polygon: Tool = (context, at) => new Outlining(context, at);

class Outlining implements Gesture {
  readonly #context: ToolContext;
  #points: PenPoint[];
  #isClosed = false;

  constructor(context: ToolContext, at: PenPoint) {
    this.#context = context;
    this.#points = [at];
    this.#show();
  }

  get lasts(): boolean {
    return !this.#isClosed;
  }

  move(points: readonly PenPoint[]): void {
    for (const point of points) {
      if (this.#distance(point, this.#points.at(-1)!) >= APART) this.#points.push(point);
    }
    this.#show();
  }

  down(point: PenPoint): void {
    const isAgain = this.#distance(point, this.#points.at(-1)!) < 1;
    const isBack = this.#distance(point, this.#points[0]) <= NEAR;
    if (this.#points.length > 2 && (isBack || isAgain)) this.finish();
    else if (!isAgain) {
      this.#points.push(point);
      this.#show();
    }
  }

  up(): void {
    const last = this.#points.at(-1)!;
    if (this.#points.length > 8 && this.#distance(last, this.#points[0]) <= 2 * NEAR) this.finish();
  }

  hover(point: PenPoint): void {
    this.#show(point);
  }

  back(): void {
    if (this.#points.length > 1) this.#points.pop();
    this.#show();
  }

  finish(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#context.sketch(null);
    if (this.#points.length < 3) return;
    const { layer, erase } = this.#context;
    const points = this.#points.flatMap(({ x, y }) => [Math.round(8 * x), Math.round(8 * y)]);
    this.#context.commit({ kind: 'polygon', layer, add: !erase, points });
  }

  cancel(): void {
    this.#isClosed = true;
    this.#context.sketch(null);
  }

  #show(next?: PenPoint): void {
    const points = next === undefined ? this.#points : [...this.#points, next];
    this.#context.sketch({ kind: 'outline', points: points.flatMap(({ x, y }) => [x, y]), closed: false });
  }

  #distance(a: PenPoint, b: PenPoint): number {
    return Math.hypot(a.x - b.x, a.y - b.y) * this.#context.scale;
  }
}
