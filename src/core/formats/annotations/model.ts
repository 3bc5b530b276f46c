// The neutral form of every annotation format: per picture the marked objects, in pixels of the picture as shown.

/**
 * Closed outline as x0,y0,x1,y1,...; at least 3 points. Coordinates are of pixel corners: a picture W wide reaches
 * from 0 to W, the centre of its first pixel is 0.5.
 */
export type Ring = readonly number[];

export type Shape =
  /** All rings together by the even-odd rule, so that an inner ring is a hole. */
  | { readonly kind: 'polygon'; readonly rings: readonly Ring[] }
  /** A box says where the object is, not which pixels are its own: a weak label. */
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'circle'; readonly x: number; readonly y: number; readonly radius: number }
  /** Centre line as x0,y0,x1,y1,... of a stroke of this width in px. */
  | { readonly kind: 'line'; readonly points: Ring; readonly width: number }
  /** Run lengths of a part of the picture with its top left pixel at (x, y), background first. */
  | {
      readonly kind: 'runs';
      readonly order: 'rows' | 'columns';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly counts: readonly number[];
    }
  /** A mask picture inside the annotation file (PNG); its top left pixel lies at (x, y); not 0 is marked. */
  | { readonly kind: 'picture'; readonly x: number; readonly y: number; readonly bytes: Uint8Array }
  /** A mask picture of the whole picture's size; only pixels of `value` (grey level or 0xRRGGBB) are marked, or all but 0. */
  | { readonly kind: 'file'; readonly file: string; readonly value: number | null };

export interface AnnotatedObject {
  /** Name of the defect type as the file says it: untrusted text. */
  readonly type: string;
  /** Parts of one object, united. */
  readonly shapes: readonly Shape[];
  /** Marked, but not to be judged (void); such pixels belong to no mask. */
  readonly ignore: boolean;
  /** How messages name it, such as "annotation 17". */
  readonly label: string;
}

export type AnnotatedSplit = 'train' | 'test' | 'validation';

export interface AnnotatedPicture {
  /** As the annotation names it: a relative path with '/'. It may hold '..' and still leave the source folder. */
  readonly file: string;
  /** Size the annotation was made for; null where it says none. */
  readonly width: number | null;
  readonly height: number | null;
  /** True where coordinates are shares of the picture (0..1) instead of pixels, as in YOLO. */
  readonly relative?: boolean;
  readonly split: AnnotatedSplit | null;
  /** Empty for a picture that was looked at and has nothing marked. */
  readonly objects: readonly AnnotatedObject[];
}

/** A remark of a reader. `reject` with a picture drops that picture. */
export interface AnnotationNote {
  readonly level: 'warn' | 'reject';
  /** Picture it is about; null for the annotation file itself. */
  readonly picture: string | null;
  readonly message: string;
  readonly hint: string;
}

/** What a reader makes of an annotation file. A file that cannot be understood at all throws `bad-dataset` instead. */
export interface AnnotationSet {
  readonly pictures: readonly AnnotatedPicture[];
  readonly notes: readonly AnnotationNote[];
}
