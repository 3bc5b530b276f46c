// YOLO labels: one line per object, class number and shares of the picture: a box (4 numbers) or an outline (6 and more).

import { Collector } from './collect.ts';
import { badShape } from './geometry.ts';
import { printable } from './json.ts';
import type { AnnotatedObject, AnnotatedPicture, AnnotatedSplit, AnnotationSet, Shape } from './model.ts';

const LINE = /^\s*\d+(?:\s+[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?){4,}\s*$/im;

/** True where at least one line is a label. */
export function looksLikeYolo(text: string): boolean {
  return LINE.test(text);
}

/** Reads the labels of `picture`; `names` are the classes by number, null where they are unknown. */
export function readYolo(
  text: string,
  picture: string,
  names: readonly string[] | null,
  split: AnnotatedSplit | null,
): AnnotationSet {
  const out = new Collector();
  const objects: AnnotatedObject[] = [];
  let clipped = 0;
  let scores = 0;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const cells = line.trim().split(/\s+/);
    const label = `line ${i + 1}`;
    let type = '';
    const read = out.object(picture, label, type, () => {
      type = className(cells[0], names);
      if (cells.length === 6) scores++;
      return [shapeOf(cells.slice(1))];
    });
    objects.push(...read.map((object) => ({ ...object, type })));
    if (cells.slice(1, 5).some((cell) => Number(cell) < 0 || Number(cell) > 1)) clipped++;
  }
  if (clipped > 0) {
    const what = `${clipped} label${clipped === 1 ? '' : 's'} with numbers outside of 0 to 1; cut at the picture's border`;
    out.warn(picture, what, 'YOLO numbers are shares of the picture, from 0 to 1; check the export.');
  }
  if (scores > 0) {
    const what = `${scores} label${scores === 1 ? '' : 's'} with a sixth number (a score); it is left out`;
    out.warn(picture, what, 'Labels with scores are predictions; check them before you train with them.');
  }
  out.add({ file: picture, width: null, height: null, relative: true, split, objects });
  return out.done();
}

function className(cell: string, names: readonly string[] | null): string {
  if (!/^\d{1,6}$/.test(cell))
    throw badShape(`starts with "${printable(cell, 20)}" instead of a class number`);
  const index = Number(cell);
  if (names === null) return `class ${index}`;
  if (index >= names.length || names[index] === '') {
    throw badShape(`has class ${index}, but the names end with ${names.length - 1}`);
  }
  return names[index];
}

function shapeOf(cells: readonly string[]): Shape {
  const values = cells.map((cell) => {
    const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN;
    if (!Number.isFinite(value)) {
      const comma = cell.includes(',') ? ' (decimal commas; write points)' : '';
      throw badShape(`has "${printable(cell, 20)}", which is no number${comma}`);
    }
    if (Math.abs(value) > 1000) throw badShape(`has ${value}, which is no share of a picture`);
    return value;
  });
  if (values.length === 4 || values.length === 5) {
    const [x, y, width, height] = values;
    if (width <= 0 || height <= 0) throw badShape(`is a box of ${width} x ${height}`);
    return { kind: 'box', x: x - width / 2, y: y - height / 2, width, height };
  }
  if (values.length < 6 || values.length % 2 !== 0) {
    throw badShape(
      `has ${values.length} numbers after the class; a box has 4, an outline an even number from 6`,
    );
  }
  return { kind: 'polygon', rings: [values] };
}

/** The picture's marks in pixels of a picture of this size. */
export function inPixels(picture: AnnotatedPicture, width: number, height: number): AnnotatedPicture {
  if (picture.relative !== true) return picture;
  const scale = (shape: Shape): Shape => {
    if (shape.kind === 'box') {
      const { x, y } = shape;
      return {
        kind: 'box',
        x: x * width,
        y: y * height,
        width: shape.width * width,
        height: shape.height * height,
      };
    }
    if (shape.kind !== 'polygon') return shape;
    return {
      ...shape,
      rings: shape.rings.map((ring) => ring.map((v, i) => v * (i % 2 === 0 ? width : height))),
    };
  };
  const objects = picture.objects.map((object) => ({ ...object, shapes: object.shapes.map(scale) }));
  return { ...picture, width, height, relative: false, objects };
}
