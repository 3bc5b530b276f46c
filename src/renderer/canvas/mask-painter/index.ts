// Painting one mask.

export { MaskPainter, type MaskPainterProps } from './mask-painter.tsx';
export { MaskThumb } from './mask-thumb.tsx';
export type { Painting } from './painting.ts';
export { type RunLengths, runLengthsOf, tilesOf } from './run-lengths.ts';
