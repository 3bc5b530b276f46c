// The table of the pack's 16 surface words, in the order of the word list.

import { painted, plastic } from './coating.ts';
import { brushed, cast, machined } from './metal.ts';
import { granular, paper, wood } from './natural.ts';
import { concrete, granite, terrazzo } from './stone.ts';
import type { Surface } from './surface.ts';
import { board, grid } from './technical.ts';
import { fabric, felt, leather } from './textile.ts';

export const SURFACES = {
  brushed,
  cast,
  painted,
  machined,
  wood,
  leather,
  fabric,
  felt,
  terrazzo,
  concrete,
  granite,
  board,
  granular,
  plastic,
  grid,
  paper,
} as const satisfies Record<string, Surface>;

export type SurfaceWord = keyof typeof SURFACES;
export const SURFACE_WORDS = Object.keys(SURFACES) as SurfaceWord[];
