// Checks of coordinates that all readers share.

import { AppError } from '../../base/errors.ts';
import type { Ring, Shape } from './model.ts';

/** Beyond this no picture reaches, and sums of coordinates lose exactness. */
const FARTHEST = 1e7;

/** A mark that makes no sense; the message follows the object's name ("annotation 17 ..."). */
export function badShape(message: string): AppError {
  return new AppError('bad-dataset', message, {
    hint: 'Open the picture in the annotation program, draw this mark again, and export.',
  });
}

/** An outline from x0,y0,x1,y1,...; throws where it is none. */
export function ringFrom(values: readonly unknown[], fewest = 3): Ring {
  if (values.length % 2 !== 0) throw badShape(`has an odd number of coordinates (${values.length})`);
  if (values.length < 2 * fewest) {
    throw badShape(`has ${values.length / 2} point${values.length === 2 ? '' : 's'}; ${fewest} are needed`);
  }
  return values.map(coordinate);
}

/** An outline from [[x,y],...]. */
export function ringFromPoints(points: readonly unknown[], fewest = 3): Ring {
  const flat = points.flatMap((point) => {
    if (!Array.isArray(point) || point.length < 2) throw badShape('has a point without two coordinates');
    return [point[0], point[1]];
  });
  return ringFrom(flat, fewest);
}

export function coordinate(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw badShape('has a coordinate that is no number');
  if (Math.abs(number) > FARTHEST) throw badShape(`has a coordinate far outside of any picture (${number})`);
  return number;
}

/** A box of two corners in any order. */
export function boxFromCorners(x0: unknown, y0: unknown, x1: unknown, y1: unknown): Shape {
  const [ax, ay, bx, by] = [x0, y0, x1, y1].map(coordinate);
  return boxFromSize(Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay));
}

/** A box of its top left corner and size. */
export function boxFromSize(x: unknown, y: unknown, width: unknown, height: unknown): Shape {
  const box = { x: coordinate(x), y: coordinate(y), width: coordinate(width), height: coordinate(height) };
  if (box.width <= 0 || box.height <= 0) throw badShape(`is a box of ${box.width} x ${box.height}`);
  return { kind: 'box', ...box };
}

/** Checks run lengths against the part they are to cover. */
export function checkRuns(counts: readonly unknown[], width: number, height: number): readonly number[] {
  let total = 0;
  for (const run of counts) {
    if (typeof run !== 'number' || !Number.isInteger(run) || run < 0) {
      throw badShape(`has a run length that is no whole number of pixels (${String(run).slice(0, 20)})`);
    }
    total += run;
  }
  if (total !== width * height)
    throw badShape(`has run lengths for ${total} pixels instead of ${width * height}`);
  return counts as readonly number[];
}
