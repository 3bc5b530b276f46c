// Draws the marked objects of a picture into one mask.

import { addMask } from '../../image/mask-ops.ts';
import { addBox, addCircle, addLine, addPolygon } from '../../image/polygon-fill.ts';
import type { Mask } from '../../image/raster.ts';
import { emptyMask } from '../../image/raster.ts';
import { badShape } from './geometry.ts';
import type { AnnotatedObject, Shape } from './model.ts';

/** Shapes whose pixels lie in a picture of their own. */
export type PictureShape = Extract<Shape, { kind: 'picture' | 'file' }>;

/** What a person should know about one object's outline. */
export interface ShapeRemarks {
  crossed: boolean;
  outside: boolean;
}

/** Marks reach at most this far over the border before it is worth a remark (rounding of the drawing program). */
const TOLERATED = 1;

/**
 * The union of the objects' shapes, cut at the border. `pictureMask` gives the pixels of shapes that are pictures;
 * `remark` is called once per object that crosses itself or leaves the picture.
 */
export function objectsMask(
  objects: readonly AnnotatedObject[],
  width: number,
  height: number,
  pictureMask: (shape: PictureShape) => Mask,
  remark: (object: AnnotatedObject, remarks: ShapeRemarks) => void = () => {},
): Mask {
  const target = emptyMask(width, height);
  for (const object of objects) {
    const remarks: ShapeRemarks = { crossed: false, outside: false };
    for (const shape of object.shapes) addShape(target, shape, pictureMask, remarks);
    if (remarks.crossed || remarks.outside) remark(object, remarks);
  }
  return target;
}

function addShape(
  target: Mask,
  shape: Shape,
  pictureMask: (shape: PictureShape) => Mask,
  remarks: ShapeRemarks,
): void {
  const leaves = (x0: number, y0: number, x1: number, y1: number): void => {
    const inside =
      x0 >= -TOLERATED &&
      y0 >= -TOLERATED &&
      x1 <= target.width + TOLERATED &&
      y1 <= target.height + TOLERATED;
    if (!inside) remarks.outside = true;
  };
  if (shape.kind === 'polygon') {
    for (const ring of shape.rings)
      for (let i = 0; i < ring.length; i += 2) leaves(ring[i], ring[i + 1], ring[i], ring[i + 1]);
    if (addPolygon(target, shape.rings).crossed) remarks.crossed = true;
  } else if (shape.kind === 'box') {
    leaves(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height);
    addBox(target, shape);
  } else if (shape.kind === 'circle') {
    const { x, y, radius } = shape;
    leaves(x - radius, y - radius, x + radius, y + radius);
    addCircle(target, shape);
  } else if (shape.kind === 'line') {
    for (let i = 0; i < shape.points.length; i += 2)
      leaves(shape.points[i], shape.points[i + 1], shape.points[i], shape.points[i + 1]);
    addLine(target, shape.points, shape.width);
  } else if (shape.kind === 'runs') addRuns(target, shape);
  else {
    const part = pictureMask(shape);
    const [x, y] = shape.kind === 'picture' ? [shape.x, shape.y] : [0, 0];
    leaves(x, y, x + part.width, y + part.height);
    addMask(target, part, x, y);
  }
}

/** Runs must lie in the picture: they are pixels of it, not a drawing that may be cut. */
function addRuns(target: Mask, runs: Extract<Shape, { kind: 'runs' }>): void {
  const { x, y, width, height, order, counts } = runs;
  if (x < 0 || y < 0 || x + width > target.width || y + height > target.height) {
    throw badShape(
      `has run lengths for ${width}x${height} at ${x},${y}, the picture is ${target.width}x${target.height}`,
    );
  }
  const line = order === 'rows' ? width : height;
  let at = 0;
  for (const [i, run] of counts.entries()) {
    const end = at + run;
    while (i % 2 === 1 && at < end) {
      const [major, minor] = [Math.floor(at / line), at % line];
      const length = Math.min(end - at, line - minor);
      if (order === 'rows') {
        const from = (y + major) * target.width + x + minor;
        target.data.fill(1, from, from + length);
      } else {
        for (let k = 0; k < length; k++) target.data[(y + minor + k) * target.width + x + major] = 1;
      }
      at += length;
    }
    at = end;
  }
}
