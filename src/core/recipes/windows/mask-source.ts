// Where masks of new defects come from: warped real shapes (or shapes from a mask model), or files taken as they are.

import { AppError, invariant } from '../../base/errors.ts';
import type { Rng } from '../../base/rng.ts';
import { andMasks, cropMask } from '../../image/mask-ops.ts';
import type { Mask, Rect } from '../../image/raster.ts';
import { emptyMask, maskArea, maskBounds } from '../../image/raster.ts';
import { longSide } from '../../image/rect.ts';
import type { Warp } from '../../image/warp.ts';
import { makeWarp, warpMask } from '../../image/warp.ts';
import type { PlacementMap, Spot } from './place.ts';
import { placeAtEdge, placeInside } from './place.ts';
import type { Relation } from './relation.ts';
import { AT_EDGE, REACHES_OVER } from './relation.ts';
import type { MaskShape } from './shapes.ts';
import type { WorkingScale } from './working-scale.ts';

/** One shape in its new place. */
export interface PlacedPiece {
  readonly shape: MaskShape;
  readonly warp: Warp;
  /** Top left of the warp's output box in the picture, native px. */
  readonly x: number;
  readonly y: number;
  /** [box] The pixels this piece adds to the mask; later pieces leave earlier ones alone. */
  readonly mask: Mask;
  /** Share of the warped shape on the product before it was cut. */
  readonly inside: number;
}

export interface PlacedMask {
  /** Picture size, never empty. */
  readonly mask: Mask;
  readonly bounds: Rect;
  readonly area: number;
  /** How it was made; empty for masks taken from files. */
  readonly pieces: readonly PlacedPiece[];
  /** Name of the shape source. */
  readonly source: string;
}

/** Anything that supplies masks for good pictures. */
export interface MaskSource {
  readonly name: string;
  /** A mask for the picture whose placement map is given. */
  make(map: PlacementMap, rng: Rng): PlacedMask;
}

export interface ShapeOptions {
  /** Wanted median area, native px: totals stay within `areaRange` times it. */
  readonly medianArea: number;
  readonly scale: WorkingScale;
  /** Default 0.5..2. */
  readonly areaRange?: readonly [number, number];
  /** Scale of the warp, default 0.7..1.28. */
  readonly sizeRange?: readonly [number, number];
  /** Smooth displacement in working px, default sigma 8, amplitude up to 4; null = none. */
  readonly noise?: { readonly sigma: number; readonly amplitude: number } | null;
}

const ATTEMPTS = 24;
const MAX_PIECES = 48;
/** At least this much of a shape must lie on the product. */
const MIN_INSIDE = 0.5;
/** Turns tried per attempt around the direction that the edge asks for, radians. */
const EDGE_TURN = 0.35;

/** Masks from shapes: warped, placed as the real ones lie, cut to the product, several where one is too small. */
export function shapeSource(name: string, shapes: readonly MaskShape[], options: ShapeOptions): MaskSource {
  invariant(shapes.length > 0, 'no shapes to make masks from');
  const [low, high] = options.areaRange ?? [0.5, 2];
  return {
    name,
    make(map, rng) {
      const mask = emptyMask(map.foreground.width, map.foreground.height);
      const pieces: PlacedPiece[] = [];
      let area = 0;
      // A little inside the range, so that rounding and later cuts do not leave it.
      const enough = (low + 0.1 * (1 - low)) * options.medianArea;
      for (let attempt = 0; attempt < ATTEMPTS + MAX_PIECES && area < enough; attempt++) {
        if (attempt >= ATTEMPTS && pieces.length === 0) break;
        const room = 0.9 * high * options.medianArea - area;
        const piece = tryPiece(shapes, options, map, room, rng);
        if (piece === null) continue;
        // Marks that run into each other look like neither; taken only when nothing else was found.
        if (attempt < ATTEMPTS && meets(mask, piece)) continue;
        const added = addPiece(mask, piece);
        if (added === 0) continue;
        area += added;
        pieces.push(piece);
      }
      if (area === 0) {
        const piece = forcedPiece(shapes, options, map, rng);
        area += addPiece(mask, piece);
        pieces.push(piece);
      }
      const bounds = maskBounds(mask);
      invariant(bounds !== null, 'placed mask is empty');
      return { mask, bounds, area, pieces, source: name };
    },
  };
}

function pickShape(shapes: readonly MaskShape[], rng: Rng): MaskShape {
  let at = rng.uniform() * shapes.reduce((n, s) => n + s.weight, 0);
  for (const s of shapes) {
    at -= s.weight;
    if (at < 0) return s;
  }
  return shapes[shapes.length - 1];
}

/** True when more than a twentieth of the piece lies on pixels that are set already. */
function meets(target: Mask, piece: PlacedPiece): boolean {
  const under = cropMask(target, {
    x: piece.x,
    y: piece.y,
    width: piece.mask.width,
    height: piece.mask.height,
  });
  return maskArea(andMasks(under, piece.mask)) > 0.05 * maskArea(piece.mask);
}

/** Adds a piece to the picture's mask, first taking from it what is set already; returns how many pixels are new. */
function addPiece(target: Mask, piece: PlacedPiece): number {
  const part = piece.mask;
  let added = 0;
  for (let py = Math.max(0, -piece.y); py < Math.min(part.height, target.height - piece.y); py++) {
    for (let px = Math.max(0, -piece.x); px < Math.min(part.width, target.width - piece.x); px++) {
      const at = py * part.width + px;
      const i = (piece.y + py) * target.width + piece.x + px;
      if (part.data[at] === 0) continue;
      if (target.data[i] !== 0) part.data[at] = 0;
      else {
        target.data[i] = 1;
        added++;
      }
    }
  }
  return added;
}

function warpFor(shape: MaskShape, angle: number, size: number, options: ShapeOptions, rng: Rng): Warp {
  const noise = options.noise === undefined ? { sigma: 8, amplitude: 4 } : options.noise;
  const perPx = options.scale.scale;
  const reach = 0.2 * longSide(shape.bounds) * size;
  const params = {
    angle,
    flip: rng.chance(0.5),
    scale: size,
    noise:
      noise === null
        ? null
        : {
            sigma: noise.sigma / perPx,
            amplitude: Math.min(reach, (noise.amplitude * rng.uniform()) / perPx),
          },
  };
  return makeWarp(shape.bounds, params, rng);
}

/** One shape warped and placed with a total area of at most `room`, or null when this draw does not fit. */
function tryPiece(
  shapes: readonly MaskShape[],
  options: ShapeOptions,
  map: PlacementMap,
  room: number,
  rng: Rng,
): PlacedPiece | null {
  const shape = pickShape(shapes, rng);
  const [small, large] = options.sizeRange ?? [0.7, 1.28];
  const limit = Math.sqrt(room / shape.area);
  if (limit < small / 2) return null;
  const size = Math.min(rng.logUniform(small, large), limit);
  const { relation } = shape;
  const atEdge = relation.touch >= AT_EDGE && map.edge.length > 0;
  const point = atEdge ? map.edge[rng.int(map.edge.length)] : null;
  const warp = warpFor(shape, turnFor(relation, point, rng), size, options, rng);
  const turned = point === null ? warp : facing(warp, relation, point, rng, shape);
  const whole = warpMask(shape.mask, turned, shape.bounds.x, shape.bounds.y);
  if (maskArea(whole) === 0) return null;
  const spot: Spot =
    point === null ? placeInside(whole, relation.depth, map, rng) : placeAtEdge(whole, point, map, rng);
  if (spot.inside < MIN_INSIDE) return null;
  const local = cutToProduct(whole, shape, spot, map);
  if (maskArea(local) < MIN_INSIDE * maskArea(whole)) return null;
  return { shape, warp: turned, x: spot.x, y: spot.y, mask: local, inside: spot.inside };
}

function turnFor(relation: Relation, point: PlacementMap['edge'][number] | null, rng: Rng): number {
  const any = rng.uniformIn(-Math.PI, Math.PI);
  if (point === null || relation.opening === null) return any;
  const wanted = Math.atan2(point.ny, point.nx) - Math.atan2(relation.opening.y, relation.opening.x);
  return wanted + (any / Math.PI) * EDGE_TURN;
}

/** A flipped shape opens to the mirrored side: the turn is corrected for it. */
function facing(
  warp: Warp,
  relation: Relation,
  point: PlacementMap['edge'][number],
  rng: Rng,
  shape: MaskShape,
): Warp {
  if (!warp.params.flip || relation.opening === null) return warp;
  const mirrored = { ...relation, opening: { x: -relation.opening.x, y: relation.opening.y } };
  return makeWarp(shape.bounds, { ...warp.params, angle: turnFor(mirrored, point, rng) }, rng);
}

/** Part of a warped shape that stays: on the product, or anywhere in the picture when the real one reaches over it. */
function cutToProduct(local: Mask, shape: MaskShape, spot: Spot, map: PlacementMap): Mask {
  const atEdge = shape.relation.touch >= AT_EDGE;
  const { width, height, data } = atEdge ? map.overEdge : map.foreground;
  const over = shape.relation.over >= REACHES_OVER;
  const out = emptyMask(local.width, local.height);
  for (let py = Math.max(0, -spot.y); py < Math.min(local.height, height - spot.y); py++) {
    for (let px = Math.max(0, -spot.x); px < Math.min(local.width, width - spot.x); px++) {
      const i = py * local.width + px;
      const at = (spot.y + py) * width + spot.x + px;
      if (map.limit !== undefined && map.limit.data[at] === 0) continue;
      if (over || data[at] !== 0) out.data[i] = local.data[i];
    }
  }
  return out;
}

/** Last resort on a product smaller than every shape: shrunk until it fits the deepest place, never empty. */
function forcedPiece(
  shapes: readonly MaskShape[],
  options: ShapeOptions,
  map: PlacementMap,
  rng: Rng,
): PlacedPiece {
  const shape = pickShape(shapes, rng);
  let deepest = 0;
  for (let i = 0; i < map.depth.length; i++) if (map.depth[i] > map.depth[deepest]) deepest = i;
  const cx = ((deepest % map.gridWidth) + 0.5) / map.k;
  const cy = (Math.floor(deepest / map.gridWidth) + 0.5) / map.k;
  for (let size = 1; size > 0.02; size *= 0.7) {
    const warp = warpFor(shape, rng.uniformIn(-Math.PI, Math.PI), size, { ...options, noise: null }, rng);
    const whole = warpMask(shape.mask, warp, shape.bounds.x, shape.bounds.y);
    const spot = { x: Math.round(cx - warp.width / 2), y: Math.round(cy - warp.height / 2), inside: 1 };
    const local = cutToProduct(whole, shape, spot, map);
    const kept = maskArea(local);
    if (kept === 0 || kept < 0.8 * maskArea(whole)) continue;
    return { shape, warp, x: spot.x, y: spot.y, mask: local, inside: kept / maskArea(whole) };
  }
  const one = { ...pixelNear(map, Math.floor(cx), Math.floor(cy)), width: 1, height: 1 };
  const warp = makeWarp(one, { angle: 0, flip: false, scale: 1, noise: null }, rng);
  const x = one.x - (warp.width >> 1);
  const y = one.y - (warp.height >> 1);
  const mask = emptyMask(warp.width, warp.height);
  mask.data[(one.y - y) * warp.width + one.x - x] = 1;
  return { shape, warp, x, y, mask, inside: 1 };
}

/** The pixel itself, or one that the user's zone allows. */
function pixelNear(map: PlacementMap, x: number, y: number): { x: number; y: number } {
  const { limit } = map;
  if (limit === undefined || limit.data[y * limit.width + x] !== 0) return { x, y };
  const allowed = limit.data.indexOf(1);
  return { x: allowed % limit.width, y: Math.floor(allowed / limit.width) };
}

/** Masks from files or drawn by hand: taken as they are, one picked per picture; they must have the picture's size. */
export function fileSource(masks: readonly { mask: Mask; name: string }[]): MaskSource {
  return {
    name: 'file',
    make(map, rng) {
      const { width, height } = map.foreground;
      const fitting = masks.filter((m) => m.mask.width === width && m.mask.height === height);
      if (fitting.length === 0) {
        throw new AppError('bad-mask', `no mask of the picture's size ${width}x${height}`, {
          file: masks[0]?.name,
          hint: 'save the mask in the size of the picture it is meant for',
        });
      }
      const { mask, name } = rng.pick(fitting);
      const bounds = maskBounds(mask);
      if (bounds === null) throw new AppError('bad-mask', 'the mask is empty', { file: name });
      return { mask, bounds, area: maskArea(mask), pieces: [], source: 'file' };
    },
  };
}
