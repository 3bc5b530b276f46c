// The tools by name.

import { brush } from './brushing.ts';
import { polygon } from './drawing-outline.ts';
import { ellipse, rectangle } from './drawing-shape.ts';
import { fill, snap, wand } from './taking-regions.ts';
import type { Tool, ToolName } from './tool.ts';

/** The eraser is a brush that erases; see `Painter`. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  brush,
  eraser: brush,
  polygon,
  rectangle,
  ellipse,
  wand,
  fill,
  snap,
};
