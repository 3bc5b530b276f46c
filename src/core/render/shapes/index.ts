// The table of the pack's 11 shape words, in the order of the word list.

import { crack, fibre, gap, scratch, strokes } from './linear.ts';
import { cut, patch, ring, smear, specks, spot } from './round.ts';
import type { Shape } from './shape.ts';

export const SHAPES = {
  spot,
  specks,
  scratch,
  crack,
  gap,
  fibre,
  patch,
  ring,
  smear,
  cut,
  strokes,
} as const satisfies Record<string, Shape>;

export type ShapeWord = keyof typeof SHAPES;
export const SHAPE_WORDS = Object.keys(SHAPES) as ShapeWord[];
