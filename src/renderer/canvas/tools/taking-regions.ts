// The tools that take a region at once: wand (dragging sets how much), fill (holes), snap (outline to edge).

import { labelComponents } from '../../../core/image/components.ts';
import { holeAt } from '../../../core/image/flood.ts';
import { cropMask, subtractMasks } from '../../../core/image/mask-ops.ts';
import { fillHoles } from '../../../core/image/morphology.ts';
import type { Mask, Rect } from '../../../core/image/raster.ts';
import { regionOf } from '../../../core/labels/regions.ts';
import type { Region } from '../../../core/labels/step.ts';
import type { PenPoint, Tool, ToolContext } from './tool.ts';

/** Dots of dragging for one step of tolerance. */
const DRAG_STEP = 3;

export const wand: Tool = (context, at) => {
  const x = Math.floor(at.x);
  const y = Math.floor(at.y);
  const first = context.settings.tolerance;
  let tolerance = first;
  let found: Region | null = null;
  let asked = Promise.resolve();
  let isOver = false;
  const ask = (): void => {
    asked = context.pixels.wand(x, y, tolerance).then(
      (patch) => {
        if (patch === null) return;
        found = regionOf(patch.mask, patch.x, patch.y);
        if (!isOver) context.preview(found);
      },
      () => context.remark('failed'),
    );
  };
  ask();
  return {
    move(points) {
      const last = points.at(-1)!;
      const next = Math.round(first + ((last.x - at.x) * context.scale) / DRAG_STEP);
      const bounded = Math.max(0, Math.min(255, next));
      if (bounded === tolerance) return;
      tolerance = bounded;
      context.setTolerance(tolerance);
      ask();
    },
    async up() {
      await asked;
      isOver = true;
      context.preview(null);
      if (found === null) return;
      const { layer, erase } = context;
      const region = { kind: 'region', layer, tool: 'wand' } as const;
      context.commit({ ...region, add: erase ? null : found, remove: erase ? found : null });
    },
    cancel() {
      isOver = true;
      context.preview(null);
    },
  };
};

/** In a hole: fills it. On a marked part: fills all its holes. */
export const fill: Tool = (context, at) => {
  const part = partAt(context, at);
  const hole = part === null ? holeUnder(context, at) : holesOf(part.mask, part.rect);
  if (hole === null) context.remark('no-hole');
  else {
    const { layer, erase } = context;
    const region = { kind: 'region', layer, tool: 'fill' } as const;
    context.commit({ ...region, add: erase ? null : hole, remove: erase ? hole : null });
  }
  return null;
};

export const snap: Tool = (context, at) => {
  const part = partAt(context, at);
  if (part === null) {
    context.remark('nothing-to-snap');
    return null;
  }
  const { reach } = context.settings;
  const rect = grown(part.rect, reach + 2, context.document);
  const before = cropMask(part.mask, {
    x: rect.x - part.rect.x,
    y: rect.y - part.rect.y,
    width: rect.width,
    height: rect.height,
  });
  context.pixels.snap(before, rect.x, rect.y, reach).then(
    (patch) => {
      if (patch === null) return;
      const add = regionOf(subtractMasks(patch.mask, before), rect.x, rect.y);
      const remove = regionOf(subtractMasks(before, patch.mask), rect.x, rect.y);
      if (add === null && remove === null) context.remark('nothing-to-snap');
      else context.commit({ kind: 'region', layer: context.layer, tool: 'snap', add, remove });
    },
    () => context.remark('failed'),
  );
  return null;
};

/** The connected part of the layer under a point, in its own rectangle. */
function partAt(context: ToolContext, at: PenPoint): { mask: Mask; rect: Rect } | null {
  const tiles = context.document.layer(context.layer);
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  const extent = tiles.extent();
  if (extent === null || tiles.at(x, y) === 0) return null;
  const { labels, components } = labelComponents(tiles.crop(extent));
  const label = labels[(y - extent.y) * extent.width + (x - extent.x)];
  const { bounds } = components[label - 1];
  const data = new Uint8Array(bounds.width * bounds.height);
  for (let row = 0; row < bounds.height; row++) {
    for (let column = 0; column < bounds.width; column++) {
      const i = (bounds.y + row) * extent.width + bounds.x + column;
      if (labels[i] === label) data[row * bounds.width + column] = 1;
    }
  }
  const rect = { ...bounds, x: bounds.x + extent.x, y: bounds.y + extent.y };
  return { mask: { width: bounds.width, height: bounds.height, data }, rect };
}

function holeUnder(context: ToolContext, at: PenPoint): Region | null {
  const tiles = context.document.layer(context.layer);
  const extent = tiles.extent();
  if (extent === null) return null;
  const x = Math.floor(at.x) - extent.x;
  const y = Math.floor(at.y) - extent.y;
  if (x < 0 || y < 0 || x >= extent.width || y >= extent.height) return null;
  const patch = holeAt(tiles.crop(extent), x, y);
  return patch === null ? null : regionOf(patch.mask, extent.x + patch.x, extent.y + patch.y);
}

function holesOf(mask: Mask, rect: Rect): Region | null {
  return regionOf(subtractMasks(fillHoles(mask), mask), rect.x, rect.y);
}

function grown(rect: Rect, by: number, picture: { width: number; height: number }): Rect {
  const x = Math.max(0, rect.x - by);
  const y = Math.max(0, rect.y - by);
  return {
    x,
    y,
    width: Math.min(picture.width, rect.x + rect.width + by) - x,
    height: Math.min(picture.height, rect.y + rect.height + by) - y,
  };
}
