// Voronoi cells: the two nearest of n random points for every pixel, found through a coarse grid.

import type { Rng } from '../../base/rng.ts';
import { type Field, PIXELS, SIDE } from './field.ts';

/** Points reach over the window's border so that its cells look like the others. */
const LOW = -10;
const EXTENT = SIDE + 20;

export interface Cells {
  /** Distance to the nearest point, pixels. */
  readonly first: Field;
  /** Distance to the second nearest point, pixels. */
  readonly second: Field;
  /** Index 0..count-1 of the nearest point. */
  readonly index: Uint16Array;
  readonly count: number;
}

interface Grid {
  readonly cells: number;
  readonly size: number;
  /** Points sorted by grid cell; cell g holds entries start[g]..start[g+1]-1. */
  readonly start: Uint32Array;
  readonly px: Float64Array;
  readonly py: Float64Array;
}

function sortIntoGrid(rng: Rng, count: number): Grid {
  const cells = Math.max(1, Math.min(40, Math.round(Math.sqrt(count / 2))));
  const size = EXTENT / cells;
  const x = Float64Array.from({ length: count }, () => rng.uniformIn(LOW, LOW + EXTENT));
  const y = Float64Array.from({ length: count }, () => rng.uniformIn(LOW, LOW + EXTENT));
  const cellOf = (i: number) =>
    Math.min(cells - 1, Math.floor((y[i] - LOW) / size)) * cells +
    Math.min(cells - 1, Math.floor((x[i] - LOW) / size));
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => cellOf(a) - cellOf(b) || a - b);
  const start = new Uint32Array(cells * cells + 1);
  for (let i = 0; i < count; i++) start[cellOf(i) + 1]++;
  for (let g = 0; g < cells * cells; g++) start[g + 1] += start[g];
  return {
    cells,
    size,
    start,
    px: Float64Array.from(order, (i) => x[i]),
    py: Float64Array.from(order, (i) => y[i]),
  };
}

/** n >= 2 points uniform in [-10, 138]^2. */
export function voronoi(rng: Rng, count: number): Cells {
  const { cells, size, start, px, py } = sortIntoGrid(rng, count);
  const first = new Float32Array(PIXELS);
  const second = new Float32Array(PIXELS);
  const index = new Uint16Array(PIXELS);
  for (let y = 0; y < SIDE; y++) {
    const gy = Math.floor((y - LOW) / size);
    for (let x = 0; x < SIDE; x++) {
      const gx = Math.floor((x - LOW) / size);
      const margin = Math.min(
        x - LOW - gx * size,
        (gx + 1) * size - (x - LOW),
        y - LOW - gy * size,
        (gy + 1) * size - (y - LOW),
      );
      let d1 = Infinity;
      let d2 = Infinity;
      let best = 0;
      // Rings of grid cells outwards, until nothing farther out can be nearer than the second best.
      for (let ring = 0; ring < cells; ring++) {
        const reach = margin + (ring - 1) * size;
        if (ring > 0 && d2 <= reach * reach) break;
        const y0 = Math.max(0, gy - ring);
        const y1 = Math.min(cells - 1, gy + ring);
        for (let cy = y0; cy <= y1; cy++) {
          const whole = cy === gy - ring || cy === gy + ring;
          const step = whole || ring === 0 ? 1 : 2 * ring;
          for (let cx = gx - ring; cx <= gx + ring; cx += step) {
            if (cx < 0 || cx >= cells) continue;
            const g = cy * cells + cx;
            for (let p = start[g]; p < start[g + 1]; p++) {
              const dx = px[p] - x;
              const dy = py[p] - y;
              const d = dx * dx + dy * dy;
              if (d < d1) {
                d2 = d1;
                d1 = d;
                best = p;
              } else if (d < d2) d2 = d;
            }
          }
        }
      }
      const i = y * SIDE + x;
      first[i] = Math.sqrt(d1);
      second[i] = Math.sqrt(d2);
      index[i] = best;
    }
  }
  return { first, second, index, count };
}
