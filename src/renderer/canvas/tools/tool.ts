// What a tool is given and what it gives back. A gesture lasts from pen-down to pen-up, or longer for an outline.

import type { Rect } from '../../../core/image/raster.ts';
import type { LabelDocument, Undoable } from '../../../core/labels/document.ts';
import type { LabelStep, LayerId, Region } from '../../../core/labels/step.ts';
import type { PixelTools } from '../pixel-tools.ts';

export const TOOL_NAMES = [
  'brush',
  'eraser',
  'polygon',
  'rectangle',
  'ellipse',
  'wand',
  'fill',
  'snap',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** A position in picture pixels; pixel (0, 0) covers 0..1. `pressure` is 0..1, null without a pen. */
export interface PenPoint {
  readonly x: number;
  readonly y: number;
  readonly pressure: number | null;
}

/** Drawn over the picture while a shape is made, in picture pixels. */
export type Sketch =
  | { readonly kind: 'outline'; readonly points: readonly number[]; readonly closed: boolean }
  | { readonly kind: 'rectangle' | 'ellipse'; readonly box: Rect };

/** Why a tool could not do anything. */
export type ToolRemark = 'no-hole' | 'nothing-to-snap' | 'failed' | 'no-type' | 'hidden';

export interface ToolSettings {
  /** Brush diameter, px. */
  readonly size: number;
  readonly usePressure: boolean;
  /** Colour difference the wand takes, 0..255. */
  readonly tolerance: number;
  /** How far snapping moves an outline, px. */
  readonly reach: number;
}

export interface ToolContext {
  readonly document: LabelDocument;
  readonly layer: LayerId;
  readonly settings: ToolSettings;
  readonly pixels: PixelTools;
  /** Dots per picture pixel. */
  readonly scale: number;
  /** Erase instead of paint. */
  readonly erase: boolean;
  /** Pixels of the layer have changed. */
  painted(part: Rect): void;
  commit(step: LabelStep, done?: Undoable): void;
  sketch(sketch: Sketch | null): void;
  /** Shows what would be taken. */
  preview(region: Region | null): void;
  setTolerance(value: number): void;
  remark(remark: ToolRemark): void;
}

export interface Gesture {
  /** Points since the last call; the pen is down. */
  move(points: readonly PenPoint[]): void;
  up(): void;
  cancel(): void;
  /** An outline goes on after pen-up: it gets further clicks. True while it goes on. */
  readonly lasts?: boolean;
  down?(point: PenPoint): void;
  hover?(point: PenPoint): void;
  /** Enter. */
  finish?(): void;
  /** Backspace. */
  back?(): void;
}

export type Tool = (context: ToolContext, at: PenPoint) => Gesture | null;
