// Which windows of a picture must be generated for a mask, and what the model sees of each.

import { addMask, cropMask } from '../../image/mask-ops.ts';
import { resampleMask } from '../../image/mask-resample.ts';
import { dilate } from '../../image/morphology.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import { emptyMask, maskBounds } from '../../image/raster.ts';
import { longSide, unionRect } from '../../image/rect.ts';
import type { CropOptions } from '../../image/window-crop.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import type { DefectGroup } from './groups.ts';
import { localGroups } from './groups.ts';
import type { WorkingScale } from './working-scale.ts';
import { windowSideFor } from './working-scale.ts';

/** One window to generate: its place and the part of the mask that is drawn in it. */
export interface PlannedWindow {
  /** Square in native px; reaches over the border only where the picture is smaller than the window. */
  readonly rect: Rect;
  /** Picture size: the marks of this window; made when it is asked for, because pictures can be large. */
  readonly part: Mask;
}

/** Share of the window's side that a planned mark may fill. */
const FILL = 0.92;

function windowAround(b: Rect, side: number, picture: { width: number; height: number }): Rect {
  const place = (start: number, length: number, room: number): number => {
    const wanted = Math.round(start + length / 2 - side / 2);
    return room <= side ? Math.floor((room - side) / 2) : Math.min(room - side, Math.max(0, wanted));
  };
  return {
    x: place(b.x, b.width, picture.width),
    y: place(b.y, b.height, picture.height),
    width: side,
    height: side,
  };
}

/**
 * Windows that cover a mask, in the order in which they should be generated and put back:
 * - marks that fit into one window of the product's scale together share it;
 * - a mark larger than that gets a window of its own at a coarser scale;
 * - unless it is too thin for that (a long scratch): overlapping windows along it, each drawing its own part.
 * Together the parts are the whole mask.
 */
export function planWindows(mask: Mask, scale: WorkingScale): PlannedWindow[] {
  const out: PlannedWindow[] = [];
  const shared: DefectGroup[] = [];
  for (const group of localGroups(mask)) {
    const long = longSide(group.bounds);
    if (long <= FILL * scale.windowPx) shared.push(group);
    else {
      const side = windowSideFor(scale, group);
      if (side === null) out.push(...alongMask(group, mask, scale.windowPx));
      else out.push(planned(windowAround(group.bounds, side, mask), () => partOf([group], mask)));
    }
  }
  while (shared.length > 0) {
    const members = [shared.shift() as DefectGroup];
    let bounds = members[0].bounds;
    for (let i = 0; i < shared.length; ) {
      const grown = unionRect(bounds, shared[i].bounds);
      if (longSide(grown) > FILL * scale.windowPx) i++;
      else {
        bounds = grown;
        members.push(...shared.splice(i, 1));
      }
    }
    out.push(planned(windowAround(bounds, scale.windowPx, mask), () => partOf(members, mask)));
  }
  return out;
}

function planned(rect: Rect, part: () => Mask): PlannedWindow {
  return {
    rect,
    get part() {
      return part();
    },
  };
}

function partOf(groups: readonly DefectGroup[], picture: { width: number; height: number }): Mask {
  const part = emptyMask(picture.width, picture.height);
  for (const g of groups) addMask(part, g.mask, g.bounds.x, g.bounds.y);
  return part;
}

/** Overlapping windows along one long mark: from its top, each takes what is left within its inner three quarters. */
function alongMask(
  group: DefectGroup,
  picture: { width: number; height: number },
  side: number,
): PlannedWindow[] {
  const out: PlannedWindow[] = [];
  const left: Mask = { ...group.mask, data: group.mask.data.slice() };
  const core = Math.max(1, Math.floor(0.75 * side));
  for (let box = maskBounds(left); box !== null; box = maskBounds(left)) {
    // The topmost row's first pixel is the upper middle of the next core.
    let x = box.x;
    while (left.data[box.y * left.width + x] === 0) x++;
    const cut: Rect = { x: x - (core >> 1), y: box.y, width: core, height: core };
    const taken = cropMask(left, cut);
    const at = { x: group.bounds.x + cut.x, y: group.bounds.y + cut.y };
    const part = (): Mask => {
      const whole = emptyMask(picture.width, picture.height);
      addMask(whole, taken, at.x, at.y);
      return whole;
    };
    out.push(planned(windowAround({ ...at, width: core, height: core }, side, picture), part));
    for (let y = Math.max(0, cut.y); y < Math.min(left.height, cut.y + core); y++) {
      left.data.fill(
        0,
        y * left.width + Math.max(0, cut.x),
        y * left.width + Math.min(left.width, cut.x + core),
      );
    }
  }
  return out;
}

/** What the model is given for one window, all at working size S. */
export interface WindowInput {
  /** [3,S,S] 0..1, the picture as it is; the hole is blanked by the model's side. */
  readonly image: Planes;
  /** [S,S] where the defect is drawn. */
  readonly mask: Mask;
  /** [S,S] mask grown by `holePx` working px: what is blanked and drawn anew. */
  readonly hole: Mask;
}

/** Default growth of the hole when generating, working px. */
export const HOLE_PX = 3;

/** Input for one planned window of a good picture. */
export function windowInput(
  raster: Raster,
  window: PlannedWindow,
  size: number,
  holePx = HOLE_PX,
  options: CropOptions = {},
): WindowInput {
  const mask = resampleMask(window.part, window.rect, size, size, 'zero');
  return { image: cropToPlanes(raster, window.rect, size, size, options), mask, hole: dilate(mask, holePx) };
}
