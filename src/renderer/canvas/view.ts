// Where the canvas looks: arithmetic between picture pixels and dots of the screen.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** `scale` dots per picture pixel; (x, y) is the picture position of the canvas's corner. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const LEAST = 0.01;
const MOST = 64;
/** A part of the picture that always stays in sight, dots. */
const KEPT = 64;

/** The whole picture in the middle of the canvas; small ones at most eight times enlarged. */
export function fitView(canvas: Size, picture: Size): View {
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height, 8) || 1;
  return {
    scale,
    x: (picture.width - canvas.width / scale) / 2,
    y: (picture.height - canvas.height / scale) / 2,
  };
}

/** Zooms so that the picture position under the dot (dx, dy) stays there. */
export function zoomAt(view: View, factor: number, dx: number, dy: number): View {
  const scale = Math.max(LEAST, Math.min(MOST, view.scale * factor));
  return { scale, x: view.x + dx / view.scale - dx / scale, y: view.y + dy / view.scale - dy / scale };
}

export function panBy(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/** The view with some of the picture in sight. */
export function held(view: View, canvas: Size, picture: Size): View {
  const keep = KEPT / view.scale;
  const limit = (v: number, visible: number, size: number): number =>
    Math.max(Math.min(keep, size) - visible, Math.min(size - Math.min(keep, size), v));
  return {
    scale: view.scale,
    x: limit(view.x, canvas.width / view.scale, picture.width),
    y: limit(view.y, canvas.height / view.scale, picture.height),
  };
}

export function toPicture(view: View, dx: number, dy: number): { x: number; y: number } {
  return { x: view.x + dx / view.scale, y: view.y + dy / view.scale };
}

export function toScreen(view: View, x: number, y: number): { dx: number; dy: number } {
  return { dx: (x - view.x) * view.scale, dy: (y - view.y) * view.scale };
}

/** Dots that a part of the picture covers, with a margin, cut at the canvas; null where none. */
export function dotsOf(view: View, part: Box, canvas: Size, margin = 2): Box | null {
  const from = toScreen(view, part.x, part.y);
  const to = toScreen(view, part.x + part.width, part.y + part.height);
  const x = Math.max(0, Math.floor(from.dx) - margin);
  const y = Math.max(0, Math.floor(from.dy) - margin);
  const width = Math.min(canvas.width, Math.ceil(to.dx) + margin) - x;
  const height = Math.min(canvas.height, Math.ceil(to.dy) + margin) - y;
  return width <= 0 || height <= 0 ? null : { x, y, width, height };
}

export function unionBox(a: Box | null, b: Box | null): Box | null {
  if (a === null || b === null) return a ?? b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
