// Connected components of a mask (8 neighbours): labels, areas and bounding boxes in one pass over the rows.

import type { Mask, Rect } from './raster.ts';

export interface Component {
  /** 1..n, in order of first appearance (row by row). */
  readonly label: number;
  /** Pixels. */
  readonly area: number;
  readonly bounds: Rect;
}

export interface Components {
  /** [H,W], 0 where the mask is 0. */
  readonly labels: Int32Array;
  readonly components: Component[];
}

/** Two-pass labelling with union-find. */
export function labelComponents(mask: Mask): Components {
  const { width, height, data } = mask;
  const labels = new Int32Array(width * height);
  const parent: number[] = [0];
  const root = (a: number): number => {
    let r = a;
    while (parent[r] !== r) r = parent[r];
    while (parent[a] !== r) {
      const next = parent[a];
      parent[a] = r;
      a = next;
    }
    return r;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      let label = x > 0 ? labels[i - 1] : 0;
      if (y > 0) {
        for (let k = Math.max(0, x - 1); k <= Math.min(width - 1, x + 1); k++) {
          const up = labels[i - width + (k - x)];
          if (up === 0) continue;
          if (label === 0) label = up;
          else if (label !== up) {
            const a = root(label);
            const b = root(up);
            if (a < b) parent[b] = a;
            else parent[a] = b;
          }
        }
      }
      if (label === 0) {
        label = parent.length;
        parent.push(label);
      }
      labels[i] = label;
    }
  }
  return {
    labels,
    components: collect(
      labels,
      width,
      height,
      parent.map((_, i) => root(i)),
    ),
  };
}

/** Renumbers provisional labels to 1..n in place and gathers areas and boxes. */
function collect(labels: Int32Array, width: number, height: number, roots: number[]): Component[] {
  const renumber = new Int32Array(roots.length);
  const found: { area: number; x0: number; y0: number; x1: number; y1: number }[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (labels[i] === 0) continue;
      const r = roots[labels[i]];
      if (renumber[r] === 0) renumber[r] = found.push({ area: 0, x0: x, y0: y, x1: x, y1: y });
      const label = renumber[r];
      labels[i] = label;
      const c = found[label - 1];
      c.area++;
      if (x < c.x0) c.x0 = x;
      if (x > c.x1) c.x1 = x;
      c.y1 = y;
    }
  }
  return found.map((c, i) => ({
    label: i + 1,
    area: c.area,
    bounds: { x: c.x0, y: c.y0, width: c.x1 - c.x0 + 1, height: c.y1 - c.y0 + 1 },
  }));
}
