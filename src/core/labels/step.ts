// What a person does to the label of a picture, one step at a time: the unit of undo, and what is stored.

/** A defect type's id, `ignore` (pixels nobody shall learn from) or `foreground` (where the product is). */
export type LayerId = string;
export const IGNORE_LAYER = 'ignore';
export const FOREGROUND_LAYER = 'foreground';

/** A freehand line. Deterministic: whole half-pixels, segment by segment. */
export interface BrushStep {
  readonly kind: 'brush';
  readonly layer: LayerId;
  /** False erases. */
  readonly add: boolean;
  /** x0,y0,x1,y1,... in half pixels. */
  readonly points: number[];
  /** Diameter, px. */
  readonly size: number;
  /** Diameter at each point, where the pen's pressure decides; px. */
  readonly sizes?: number[];
}

/** An outline, filled by the even-odd rule. */
export interface PolygonStep {
  readonly kind: 'polygon';
  readonly layer: LayerId;
  readonly add: boolean;
  /** x0,y0,x1,y1,... in eighths of a pixel. */
  readonly points: number[];
}

export interface BoxStep {
  readonly kind: 'rectangle' | 'ellipse';
  readonly layer: LayerId;
  readonly add: boolean;
  /** Whole pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Part of a picture with run lengths row by row, background first, as `compressCounts` writes them. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly counts: string;
}

/** What a tool that looks at the picture has found: stored as its result, so that it never depends on a decoder. */
export interface RegionStep {
  readonly kind: 'region';
  readonly layer: LayerId;
  readonly tool: 'wand' | 'fill' | 'snap';
  readonly add: Region | null;
  readonly remove: Region | null;
}

/** Deletes a label: its mask, and that the picture has this type. */
export interface ClearStep {
  readonly kind: 'clear';
  readonly layer: LayerId;
}

/** Says what a picture is. `normal` and `unlabelled` delete all labels; `defect` adds a type without a mask. */
export interface MarkStep {
  readonly kind: 'mark';
  readonly as: 'normal' | 'unlabelled' | 'defect';
  /** With `defect`. */
  readonly type: string | null;
}

export type PaintStep = BrushStep | PolygonStep | BoxStep | RegionStep;
export type LabelStep = PaintStep | ClearStep | MarkStep;

/** A step with the name it keeps, so that sending it twice adds it once. */
export interface StoredStep {
  readonly id: string;
  readonly step: LabelStep;
}

/** Largest brush, px. */
export const MOST_BRUSH = 2000;
