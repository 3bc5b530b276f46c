// Training windows of a detector cut from real pictures: defects of the shots, and good ones.

import { invariant } from '../../base/errors.ts';
import type { Rng } from '../../base/rng.ts';
import { resampleMask } from '../../image/mask-resample.ts';
import type { Mask, Raster, Rect } from '../../image/raster.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import { type DefectGroup, localGroups } from '../windows/groups.ts';
import type { DetectorWindow } from './window.ts';

export interface WindowGeometry {
  /** Side of the window, working px. */
  readonly side: number;
  /** Working px per native px. */
  readonly scale: number;
  /** Code value of 1.0 of 16-bit pictures. */
  readonly white?: number;
}

/** Zoom of a training window relative to the working scale. */
const JITTER = [0.8, 1.25] as const;
/** A defect's chosen pixel stays this far from the window's border, share of its side. */
const MARGIN = 0.1;

/** Square of native px in which `anchor` lies anywhere but at the border; inside the picture where that is large enough. */
function rectAround(
  anchor: { x: number; y: number },
  picture: Raster,
  { side, scale }: WindowGeometry,
  rng: Rng,
): Rect {
  const native = side / scale / rng.logUniform(JITTER[0], JITTER[1]);
  const place = (at: number, room: number): number => {
    const wanted = at - native * rng.uniformIn(MARGIN, 1 - MARGIN);
    return room <= native ? (room - native) / 2 : Math.min(room - native, Math.max(0, wanted));
  };
  return {
    x: place(anchor.x, picture.width),
    y: place(anchor.y, picture.height),
    width: native,
    height: native,
  };
}

function pixelOf({ mask, bounds, area }: DefectGroup, rng: Rng): { x: number; y: number } {
  let left = rng.int(area);
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0 || left-- > 0) continue;
    return { x: bounds.x + (i % mask.width), y: bounds.y + Math.floor(i / mask.width) };
  }
  invariant(false, 'a group without pixels');
}

export interface LabelledPicture {
  readonly raster: Raster;
  readonly mask: Mask;
  readonly type: string;
}

/** Draws windows of real defects: types, pictures and separate marks each equally often. */
export function shotWindows(
  shots: readonly LabelledPicture[],
  geometry: WindowGeometry,
): (rng: Rng) => DetectorWindow {
  const types = [...new Set(shots.map((s) => s.type))].map((type) =>
    shots.filter((s) => s.type === type).map((shot) => ({ shot, groups: localGroups(shot.mask) })),
  );
  const { side, white } = geometry;
  return (rng) => {
    const { shot, groups } = rng.pick(rng.pick(types));
    const rect = rectAround(pixelOf(rng.pick(groups), rng), shot.raster, geometry, rng);
    return {
      kind: 'real',
      image: cropToPlanes(shot.raster, rect, side, side, { white }).data,
      mask: resampleMask(shot.mask, rect, side, side, 'reflect').data,
    };
  };
}

/** Draws windows of good pictures; half of them where the product is, if that is known. */
export function goodWindows(
  goods: readonly { readonly raster: Raster; readonly foreground?: Mask }[],
  geometry: WindowGeometry,
): (rng: Rng) => DetectorWindow {
  const { side, white } = geometry;
  return (rng) => {
    const { raster, foreground } = rng.pick(goods);
    const anywhere = () => ({ x: rng.uniformIn(0, raster.width), y: rng.uniformIn(0, raster.height) });
    let anchor = anywhere();
    if (foreground && rng.chance(0.5)) {
      const isProduct = () =>
        foreground.data[Math.floor(anchor.y) * raster.width + Math.floor(anchor.x)] === 1;
      for (let tries = 0; tries < 50 && !isProduct(); tries++) anchor = anywhere();
    }
    const rect = rectAround(anchor, raster, geometry, rng);
    const image = cropToPlanes(raster, rect, side, side, { white }).data;
    return { kind: 'good', image, mask: new Uint8Array(side * side) };
  };
}
