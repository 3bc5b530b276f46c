// Fine-tuning examples: windows of real, pasted, repaired and drawn defects in a chosen mixture.

import { invariant } from '../../base/errors.ts';
import type { Rng } from '../../base/rng.ts';
import { resampleMask } from '../../image/mask-resample.ts';
import { dilate } from '../../image/morphology.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import { emptyMask, maskArea } from '../../image/raster.ts';
import { longSide } from '../../image/rect.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import type { DefectGroup } from './groups.ts';
import { localGroups } from './groups.ts';
import type { MaskSource, PlacedMask } from './mask-source.ts';
import { shapeSource } from './mask-source.ts';
import { compositeWindow } from './noised-composite.ts';
import type { PlacementMap } from './place.ts';
import { placementMap } from './place.ts';
import { medianMaskArea, realShapes } from './shapes.ts';
import type { GoodPicture, Shot } from './shot.ts';
import { augmentWindow } from './window-augment.ts';
import type { Mixture, WindowExample, WindowKind } from './window-example.ts';
import { DEFAULT_MIXTURE } from './window-example.ts';
import type { WorkingScale } from './working-scale.ts';
import { windowSideFor } from './working-scale.ts';

/** Draws a defect on a good window (the procedural renderer); null when it could not. */
export type DrawDefect = (window: Planes, rng: Rng) => { image: Planes; mask: Mask; type: string } | null;

export interface PoolInput {
  readonly shots: readonly Shot[];
  readonly goods: readonly GoodPicture[];
  readonly scale: WorkingScale;
  /** Product in every shot, null for a surface. */
  readonly shotForegrounds: readonly (Mask | null)[];
  readonly mixture?: Mixture;
  readonly draw?: DrawDefect;
  /** Code value of 1.0. */
  readonly white?: number;
}

interface TypePool {
  readonly type: string;
  readonly shots: readonly { shot: Shot; groups: readonly DefectGroup[] }[];
  readonly source: MaskSource;
}

/** Prepared pictures from which windows are drawn. */
export interface WindowPool {
  readonly input: PoolInput;
  readonly types: readonly TypePool[];
  readonly maps: readonly PlacementMap[];
  readonly mixture: Mixture;
}

/** Gathers what every draw needs: groups and shapes per type, placement maps of the good pictures. */
export function windowPool(input: PoolInput): WindowPool {
  invariant(input.shots.length > 0, 'no defect pictures');
  invariant(input.shots.length === input.shotForegrounds.length, 'one foreground per shot');
  const types = [...new Set(input.shots.map((s) => s.type))].map((type): TypePool => {
    const index = input.shots.flatMap((s, i) => (s.type === type ? [i] : []));
    const shots = index.map((i) => input.shots[i]);
    const foregrounds = index.map((i) => input.shotForegrounds[i]);
    const shapes = realShapes(shots, foregrounds, input.scale);
    return {
      type,
      shots: shots.map((shot) => ({ shot, groups: localGroups(shot.mask) })),
      source: shapeSource('real', shapes, {
        medianArea: medianMaskArea(shots),
        scale: input.scale,
        sizeRange: [0.78, 1.28],
        noise: null,
      }),
    };
  });
  const given = input.mixture ?? DEFAULT_MIXTURE;
  const mixture: Mixture = {
    real: given.real,
    pasted: input.goods.length > 0 ? given.pasted : 0,
    repair: input.goods.length > 0 ? given.repair : 0,
    drawn: input.goods.length > 0 && input.draw !== undefined ? given.drawn : 0,
  };
  return { input, types, mixture, maps: input.goods.map((g) => placementMap(g.foreground)) };
}

/** One training window; all draws come from `rng`, so example i of a run is a function of its own stream. */
export function drawWindow(pool: WindowPool, rng: Rng): WindowExample {
  const kind = pickKind(pool.mixture, rng);
  const type = rng.pick(pool.types);
  const example =
    kind === 'real'
      ? realWindow(pool, type, rng)
      : (onGoodPicture(kind, pool, type, rng) ?? realWindow(pool, type, rng));
  return augmentWindow(example, rng);
}

function pickKind(mixture: Mixture, rng: Rng): WindowKind {
  const kinds: WindowKind[] = ['real', 'pasted', 'repair', 'drawn'];
  let at = rng.uniform() * kinds.reduce((n, k) => n + mixture[k], 0);
  for (const kind of kinds) {
    at -= mixture[kind];
    if (at < 0) return kind;
  }
  return 'real';
}

/** Scale jitter of the window and the hole's growth in working px. */
const SCALE_JITTER = [0.8, 1.25] as const;
const HOLE_GROW = [1, 5] as const;

/**
 * Window that shows the group, at a jittered scale and anywhere as long as the group fits. A group too large for the
 * product's window gets the coarser one that generation would use; one too thin for that is shown in part.
 */
function jitteredRect(group: DefectGroup, picture: Raster, scale: WorkingScale, rng: Rng): Rect {
  const long = longSide(group.bounds);
  const fitting = windowSideFor(scale, group);
  const zoom = rng.logUniform(SCALE_JITTER[0], SCALE_JITTER[1]);
  let side = Math.max(1, Math.round((fitting ?? scale.windowPx) / zoom));
  if (fitting !== null) side = Math.max(side, Math.ceil(long / 0.95));
  const anchor = fitting === null ? onePixel(group, rng) : group.bounds;
  const place = (start: number, length: number, room: number): number => {
    if (room <= side) return Math.floor((room - side) / 2);
    const low = start + length - side;
    const at = low + rng.int(Math.max(1, start - low + 1));
    return Math.min(room - side, Math.max(0, at));
  };
  return {
    x: place(anchor.x, anchor.width, picture.width),
    y: place(anchor.y, anchor.height, picture.height),
    width: side,
    height: side,
  };
}

function onePixel(group: DefectGroup, rng: Rng): Rect {
  let left = rng.int(group.area);
  for (let i = 0; i < group.mask.data.length; i++) {
    if (group.mask.data[i] === 0 || left-- > 0) continue;
    const x = group.bounds.x + (i % group.mask.width);
    const y = group.bounds.y + Math.floor(i / group.mask.width);
    return { x, y, width: 1, height: 1 };
  }
  return group.bounds;
}

/** Group picked by area: a splash's droplets come along in its windows anyway. */
function pickGroup(groups: readonly DefectGroup[], rng: Rng): DefectGroup {
  let at = rng.uniform() * groups.reduce((n, g) => n + g.area, 0);
  for (const g of groups) {
    at -= g.area;
    if (at < 0) return g;
  }
  return groups[groups.length - 1];
}

function grow(mask: Mask, rng: Rng): Mask {
  return dilate(mask, HOLE_GROW[0] + rng.int(HOLE_GROW[1] - HOLE_GROW[0] + 1));
}

function realWindow(pool: WindowPool, type: TypePool, rng: Rng): WindowExample {
  const { scale, white } = pool.input;
  const { shot, groups } = rng.pick(type.shots);
  const rect = jitteredRect(pickGroup(groups, rng), shot.raster, scale, rng);
  const size = scale.workingSize;
  const mask = resampleMask(shot.mask, rect, size, size, 'reflect');
  const image = cropToPlanes(shot.raster, rect, size, size, { white });
  return { image, mask, hole: grow(mask, rng), kind: 'real', type: type.type };
}

function onGoodPicture(
  kind: Exclude<WindowKind, 'real'>,
  pool: WindowPool,
  type: TypePool,
  rng: Rng,
): WindowExample | null {
  const { goods, scale, white, draw } = pool.input;
  const at = rng.int(goods.length);
  const { raster } = goods[at];
  const size = scale.workingSize;
  const placed: PlacedMask = type.source.make(pool.maps[at], rng);
  const rect = jitteredRect(pickGroup(localGroups(placed.mask), rng), raster, scale, rng);
  if (kind === 'drawn') {
    const drawn = draw?.(cropToPlanes(raster, rect, size, size, { white }), rng) ?? null;
    return drawn === null || maskArea(drawn.mask) === 0
      ? null
      : { ...drawn, hole: grow(drawn.mask, rng), kind };
  }
  const mask = resampleMask(placed.mask, rect, size, size, 'zero');
  const hole = grow(mask, rng);
  if (kind === 'repair') {
    const image = cropToPlanes(raster, rect, size, size, { white });
    return { image, mask: emptyMask(size, size), hole, kind, type: type.type };
  }
  const shots = type.shots.map((s) => s.shot);
  const image = compositeWindow(raster, rect, placed, shots, size, placed.mask, { white, shotWhite: white });
  return { image, mask, hole, kind, type: type.type };
}

/** A window of a good picture, anywhere on the product, with an empty mask and hole. */
export function drawGoodWindow(pool: WindowPool, rng: Rng): WindowExample {
  const { goods, scale, white } = pool.input;
  const at = rng.int(goods.length);
  const { raster } = goods[at];
  const map = pool.maps[at];
  const cell = map.cells[rng.int(map.cells.length)];
  const spot = {
    x: Math.floor(((cell % map.gridWidth) + 0.5) / map.k),
    y: Math.floor((Math.floor(cell / map.gridWidth) + 0.5) / map.k),
    width: 1,
    height: 1,
  };
  const side = Math.max(1, Math.round(scale.windowPx / rng.logUniform(SCALE_JITTER[0], SCALE_JITTER[1])));
  const place = (centre: number, room: number): number =>
    room <= side ? Math.floor((room - side) / 2) : Math.min(room - side, Math.max(0, centre - (side >> 1)));
  const rect = { x: place(spot.x, raster.width), y: place(spot.y, raster.height), width: side, height: side };
  const size = scale.workingSize;
  const empty = emptyMask(size, size);
  const image = cropToPlanes(raster, rect, size, size, { white });
  return augmentWindow({ image, mask: empty, hole: empty, kind: 'repair', type: '' }, rng);
}
