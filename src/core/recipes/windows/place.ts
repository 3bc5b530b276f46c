// Puts a mask shape where such defects occur on a good picture: position, turn towards the edge, cut to the product.

import type { Rng } from '../../base/rng.ts';
import { distanceInside } from '../../image/distance.ts';
import { fullMask } from '../../image/mask-ops.ts';
import { resampleMask } from '../../image/mask-resample.ts';
import { dilate } from '../../image/morphology.ts';
import type { Mask } from '../../image/raster.ts';
import { maskArea, maskBounds } from '../../image/raster.ts';
import { pictureRect } from '../../image/rect.ts';
import { gridSize } from './relation.ts';

/** Where defects may lie in one good picture, on a coarse grid; made once per picture. */
export interface PlacementMap {
  readonly foreground: Mask;
  /** Foreground grown over its estimated rim: defects at the edge are cut to this, so that they open it. */
  readonly overEdge: Mask;
  /** The product fills the picture. */
  readonly surface: boolean;
  /** Grid cells per native px. */
  readonly k: number;
  readonly gridWidth: number;
  /** Indices of grid cells on the product. */
  readonly cells: Int32Array;
  /** Depth of every grid cell, 0 off the product .. 1 at its deepest place. */
  readonly depth: Float32Array;
  /** Native positions on the product's edge with the outward unit normal. */
  readonly edge: readonly { x: number; y: number; nx: number; ny: number }[];
  /** Where the user wants new defects; nothing of them may lie outside. */
  readonly limit?: Mask;
}

/** Grid cells by which an edge defect may reach over the estimated rim. */
const EDGE_CELLS = 2.5;

/** Grid map of a foreground mask; an empty one counts as a surface that fills the picture. */
export function placementMap(given: Mask): PlacementMap {
  const foreground = maskArea(given) === 0 ? fullMask(given.width, given.height) : given;
  const { width, height, k } = gridSize(foreground);
  const grid = resampleMask(foreground, pictureRect(foreground), width, height, 'reflect');
  const inside = distanceInside(grid);
  let deepest = 1e-9;
  const cells: number[] = [];
  for (let i = 0; i < inside.length; i++) {
    if (grid.data[i] === 0) continue;
    cells.push(i);
    deepest = Math.max(deepest, inside[i]);
  }
  const surface = maskArea(grid) === grid.data.length;
  return {
    foreground,
    overEdge: surface ? foreground : dilate(foreground, Math.ceil(EDGE_CELLS / k)),
    surface,
    k,
    gridWidth: width,
    cells: Int32Array.from(cells),
    depth: inside.map((d) => d / deepest),
    edge: surface ? [] : edgePoints(grid, inside, k),
  };
}

/** Radius in cells of the neighbourhood that gives the edge's direction. */
const NORMAL_RADIUS = 6;

function edgePoints(grid: Mask, inside: Float32Array, k: number): PlacementMap['edge'] {
  const out: { x: number; y: number; nx: number; ny: number }[] = [];
  const r = NORMAL_RADIUS;
  for (let y = r; y < grid.height - r; y++) {
    for (let x = r; x < grid.width - r; x++) {
      const d = inside[y * grid.width + x];
      if (d <= 0 || d > 1) continue;
      let [sx, sy] = [0, 0];
      for (let dy = -r; dy <= r; dy++) {
        for (let dx = -r; dx <= r; dx++) {
          if (grid.data[(y + dy) * grid.width + x + dx] === 0) continue;
          sx += dx;
          sy += dy;
        }
      }
      const length = Math.hypot(sx, sy);
      if (length > 0) out.push({ x: (x + 0.5) / k, y: (y + 0.5) / k, nx: -sx / length, ny: -sy / length });
    }
  }
  return out;
}

/** A mask box laid over a picture. */
export interface Spot {
  /** Top left of the box in the picture, native px. */
  readonly x: number;
  readonly y: number;
  /** Share of the mask on the product and in the picture, before cutting. */
  readonly inside: number;
}

/** At most this many mask pixels are looked at per proposal. */
const PROBES = 1500;

/** Set pixels of a mask, thinned to about PROBES, as [x0, y0, x1, y1, ..]. */
function probes(mask: Mask): Int32Array {
  const step = Math.max(1, Math.floor(maskArea(mask) / PROBES));
  const out: number[] = [];
  let n = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    if (n++ % step === 0) out.push(i % mask.width, Math.floor(i / mask.width));
  }
  return Int32Array.from(out);
}

function judge(
  map: PlacementMap,
  points: Int32Array,
  x: number,
  y: number,
): { inside: number; depth: number } {
  const { foreground, k, gridWidth } = map;
  let inside = 0;
  let depth = 0;
  for (let i = 0; i < points.length; i += 2) {
    const px = x + points[i];
    const py = y + points[i + 1];
    if (px < 0 || py < 0 || px >= foreground.width || py >= foreground.height) continue;
    inside += foreground.data[py * foreground.width + px];
    const cell = Math.floor(py * k) * gridWidth + Math.min(gridWidth - 1, Math.floor(px * k));
    depth += map.depth[cell] ?? 0;
  }
  const n = Math.max(1, points.length / 2);
  return { inside: inside / n, depth: depth / n };
}

/** Proposals for a place inside the product. */
const TRIES = 40;
/** A place is good enough when this much of the mask is on the product ... */
const ALL_INSIDE = 0.98;
/** ... and its depth is this near to the real one's. */
const DEPTH_MISS = 0.12;

/** Place for a mask that lies inside the product at about the given relative depth; on a surface: anywhere within the picture. */
export function placeInside(mask: Mask, depth: number, map: PlacementMap, rng: Rng): Spot {
  const box = maskBounds(mask) ?? { x: 0, y: 0, width: 1, height: 1 };
  const { foreground } = map;
  if (map.surface) {
    const free = (side: number, own: number): number =>
      side > own ? rng.int(side - own + 1) : Math.floor((side - own) / 2);
    const x = free(foreground.width, box.width) - box.x;
    const y = free(foreground.height, box.height) - box.y;
    return { x, y, inside: judge(map, probes(mask), x, y).inside };
  }
  const points = probes(mask);
  let best: Spot & { score: number } = { x: 0, y: 0, inside: 0, score: Number.POSITIVE_INFINITY };
  for (let t = 0; t < TRIES; t++) {
    const cell = map.cells[rng.int(map.cells.length)];
    const cx = ((cell % map.gridWidth) + rng.uniform()) / map.k;
    const cy = (Math.floor(cell / map.gridWidth) + rng.uniform()) / map.k;
    const x = Math.round(cx - box.x - box.width / 2);
    const y = Math.round(cy - box.y - box.height / 2);
    const seen = judge(map, points, x, y);
    const miss = Math.abs(seen.depth - depth);
    // Lying on the product comes first, the depth second.
    const score = 10 * Math.max(0, ALL_INSIDE - seen.inside) + Math.max(0, miss - DEPTH_MISS);
    if (score < best.score) best = { x, y, inside: seen.inside, score };
    if (score === 0) break;
  }
  return { x: best.x, y: best.y, inside: best.inside };
}

/** Share of the mask's extent that may stick out over the edge before it is cut. */
const OVERSHOOT = 0.18;

/**
 * Place for a mask at the given edge point, its open side already turned along the outward normal: its outermost
 * pixels end up to 18 % of its extent beyond the edge, so that cutting opens it there.
 */
export function placeAtEdge(
  mask: Mask,
  point: PlacementMap['edge'][number],
  map: PlacementMap,
  rng: Rng,
): Spot {
  const points = probes(mask);
  let [sx, sy, out, back] = [0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < points.length; i += 2) {
    sx += points[i];
    sy += points[i + 1];
    const along = points[i] * point.nx + points[i + 1] * point.ny;
    out = Math.max(out, along);
    back = Math.min(back, along);
  }
  const n = Math.max(1, points.length / 2);
  const [cx, cy] = [sx / n, sy / n];
  // The box moves so that the mask's outermost point along the normal lies `beyond` px past the edge point.
  const beyond = 1 + rng.uniform() * OVERSHOOT * (out - back);
  const lead = out - (cx * point.nx + cy * point.ny);
  const x = Math.round(point.x + point.nx * (beyond - lead) - cx);
  const y = Math.round(point.y + point.ny * (beyond - lead) - cy);
  return { x, y, inside: judge(map, points, x, y).inside };
}
