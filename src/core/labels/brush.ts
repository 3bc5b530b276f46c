// The brush: round, along segments, pixel-exact and the same everywhere. Coordinates in half pixels.

/** Pixels x0 <= x < x1 of a row. */
export type Span = (y: number, x0: number, x1: number) => void;

/**
 * Where the centre of a brush lies for a pointer at `x` (px): on a pixel's centre for odd sizes, on a corner for even
 * ones, so that a size always covers the same pixels.
 */
export function brushCentre(x: number, size: number): number {
  return size % 2 === 1 ? 2 * Math.floor(x) + 1 : 2 * Math.round(x);
}

/**
 * Pixels whose centres lie within half of `size` (px) of the segment a-b (half pixels), one span per row. A size of 1
 * gives a connected line of single pixels.
 */
export function segmentSpans(ax: number, ay: number, bx: number, by: number, size: number, span: Span): void {
  const radius = size;
  const first = Math.ceil((Math.min(ay, by) - radius - 1) / 2);
  const last = Math.floor((Math.max(ay, by) + radius - 1) / 2);
  const length = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2);
  const nx = length === 0 ? 0 : (-(by - ay) / length) * radius;
  const ny = length === 0 ? 0 : ((bx - ax) / length) * radius;
  const corners = [ax + nx, ay + ny, bx + nx, by + ny, bx - nx, by - ny, ax - nx, ay - ny];
  for (let y = first; y <= last; y++) {
    const cy = 2 * y + 1;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const meet = (x: number): void => {
      if (x < low) low = x;
      if (x > high) high = x;
    };
    const disc = (x: number, dy: number): void => {
      if (Math.abs(dy) > radius) return;
      const half = Math.sqrt(radius * radius - dy * dy);
      meet(x - half);
      meet(x + half);
    };
    disc(ax, cy - ay);
    if (length > 0) {
      disc(bx, cy - by);
      for (let i = 0; i < 8; i += 2) {
        const x0 = corners[i];
        const y0 = corners[i + 1];
        const x1 = corners[(i + 2) % 8];
        const y1 = corners[(i + 3) % 8];
        if (y0 !== y1 && Math.min(y0, y1) <= cy && cy <= Math.max(y0, y1)) {
          meet(x0 + ((cy - y0) / (y1 - y0)) * (x1 - x0));
        }
      }
    }
    const from = Math.ceil((low - 1) / 2);
    const to = Math.floor((high - 1) / 2) + 1;
    if (to > from) span(y, from, to);
  }
}

/** All segments of a freehand line; a single point is a dot. */
export function brushSpans(
  line: { points: readonly number[]; size: number; sizes?: readonly number[] },
  span: Span,
): void {
  const { points, size, sizes } = line;
  for (let i = 0; i < points.length; i += 2) {
    const from = Math.max(0, i - 2);
    if (i === 0 && points.length > 2) continue;
    segmentSpans(points[from], points[from + 1], points[i], points[i + 1], sizes?.[i / 2] ?? size, span);
  }
}
