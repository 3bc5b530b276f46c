// LabelMe: one JSON per picture with polygons, rectangles, circles, lines and small mask pictures.

import { fromBase64 } from './base64.ts';
import { Collector, notReadable } from './collect.ts';
import { badShape, boxFromCorners, coordinate, ringFromPoints } from './geometry.ts';
import { isRecord, type Json, listField, printable, sizeField, textField } from './json.ts';
import type { AnnotatedSplit, AnnotationSet, Shape } from './model.ts';

/** LabelMe itself draws lines 10 px wide and points with a radius of 5 px when it makes masks. */
const LINE_WIDTH = 10;
const POINT_RADIUS = 5;

export function isLabelMe(json: Json): boolean {
  return isRecord(json) && Object.hasOwn(json, 'shapes') && Object.hasOwn(json, 'imagePath');
}

export function readLabelMe(json: Json, split: AnnotatedSplit | null = null): AnnotationSet {
  const shapes = listField(json, 'shapes');
  if (shapes === null) throw notReadable('is not LabelMe: "shapes" is not a list');
  const out = new Collector();
  const file = out.name(textField(json, 'imagePath'), 'it');
  if (file === null) return out.done();
  const width = sizeField(json, 'imageWidth');
  const height = sizeField(json, 'imageHeight');
  const inline = inlineSize(textField(json, 'imageData'));
  if (inline !== null && width !== null && (inline.width !== width || inline.height !== height)) {
    const claim = `${inline.width}x${inline.height}`;
    out.reject(
      file,
      `the picture inside the annotation claims ${claim} pixels, the annotation ${width}x${height}`,
    );
  }
  let lines = 0;
  const objects = shapes.flatMap((shape, i) => {
    const name = textField(shape, 'label') ?? '';
    const kind = textField(shape, 'shape_type') ?? 'polygon';
    if (name === '_background_') return [];
    if (kind.startsWith('line')) lines++;
    const label = `shape ${i + 1} ("${printable(name, 30)}")`;
    return out.object(file, label, name, () => [shapeOf(kind, shape)], name === '__ignore__');
  });
  if (lines > 0) {
    const message = `${lines} line${lines === 1 ? '' : 's'} without a width, drawn ${LINE_WIDTH} px wide as LabelMe does`;
    out.warn(file, message, 'Draw thin defects as polygons if this is too wide.');
  }
  out.add({ file, width, height, split, objects });
  return out.done();
}

function shapeOf(kind: string, shape: Json): Shape {
  const points = listField(shape, 'points') ?? [];
  const need = (count: number): number[] => {
    if (points.length < count) throw badShape(`has ${points.length} points; a ${kind} needs ${count}`);
    return [...ringFromPoints(points, 1)];
  };
  if (kind === 'polygon') return { kind: 'polygon', rings: [ringFromPoints(points)] };
  if (kind === 'rectangle') {
    const [x0, y0, x1, y1] = need(2);
    return boxFromCorners(x0, y0, x1, y1);
  }
  if (kind === 'circle') {
    const [x, y, ax, ay] = need(2);
    return { kind: 'circle', x, y, radius: Math.hypot(ax - x, ay - y) };
  }
  if (kind === 'line' || kind === 'linestrip') return { kind: 'line', points: need(2), width: LINE_WIDTH };
  if (kind === 'point' || kind === 'points') {
    const [x, y] = need(1);
    return { kind: 'circle', x, y, radius: POINT_RADIUS };
  }
  if (kind === 'mask') {
    const [x, y] = need(1);
    return { kind: 'picture', x: coordinate(Math.round(x)), y: Math.round(y), bytes: maskBytes(shape) };
  }
  throw badShape(`is a ${printable(kind, 20)}, which marks no area`);
}

function maskBytes(shape: Json): Uint8Array {
  const text = textField(shape, 'mask');
  if (text === null) throw badShape('has no mask picture');
  const bytes = fromBase64(text);
  if (bytes === null) throw badShape('has a damaged mask picture');
  return bytes;
}

/** Size that a PNG inside the file claims; the pixels beside the file are used, never these. */
function inlineSize(data: string | null): { width: number; height: number } | null {
  if (data === null || !data.startsWith('iVBORw0KGgo')) return null;
  const head = fromBase64(data.slice(0, 32));
  if (head === null || head.length < 24) return null;
  const view = new DataView(head.buffer);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
