// CVAT for images 1.1: <image> with <polygon>, <box>, <mask>, <ellipse> and <polyline>.

import { readXml } from '../xml.ts';
import { Collector } from './collect.ts';
import { badShape, boxFromCorners, checkRuns, coordinate, ringFrom } from './geometry.ts';
import { printable } from './json.ts';
import type { AnnotatedObject, AnnotatedSplit, AnnotationSet, Ring, Shape } from './model.ts';

type Attributes = ReadonlyMap<string, string>;

/** Width of a polyline, which has none of its own. */
const LINE_WIDTH = 3;
const MARKS = new Set(['polygon', 'box', 'mask', 'ellipse', 'polyline', 'points', 'cuboid', 'skeleton']);
const SPLITS: ReadonlyMap<string, AnnotatedSplit> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['test', 'test'],
  ['testing', 'test'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
]);

interface Image {
  readonly file: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly split: AnnotatedSplit | null;
  readonly objects: AnnotatedObject[];
  marks: number;
  lines: number;
}

export function readCvat(text: string): AnnotationSet {
  const out = new Collector();
  let image: Image | null = null;
  readXml(text, {
    open(name, attributes, path) {
      if (name === 'image' && path.length === 2) image = startImage(attributes, out);
      else if (image !== null && path.length === 3 && MARKS.has(name)) addMark(name, attributes, image, out);
    },
    close(name, _text, path) {
      if (name !== 'image' || path.length !== 2 || image === null) return;
      if (image.lines > 0) {
        const what = `${image.lines} line${image.lines === 1 ? '' : 's'} without a width, drawn ${LINE_WIDTH} px wide`;
        out.warn(image.file, what, 'Draw thin defects as polygons or with the brush.');
      }
      const { file, width, height, split, objects } = image;
      out.add({ file, width, height, split, objects });
      image = null;
    },
  });
  return out.done();
}

function startImage(attributes: Attributes, out: Collector): Image | null {
  const id = printable(attributes.get('id') ?? '?');
  const file = out.name(attributes.get('name') ?? null, `image ${id}`);
  if (file === null) return null;
  const split = SPLITS.get((attributes.get('subset') ?? '').toLowerCase()) ?? null;
  const [width, height] = [side(attributes.get('width')), side(attributes.get('height'))];
  return { file, width, height, split, objects: [], marks: 0, lines: 0 };
}

function addMark(name: string, attributes: Attributes, image: Image, out: Collector): void {
  image.marks++;
  const type = attributes.get('label') ?? '';
  const label = `mark ${image.marks} (${name} "${printable(type, 30)}")`;
  if (name === 'polyline') image.lines++;
  image.objects.push(...out.object(image.file, label, type, () => [shapeOf(name, attributes, image)]));
}

function shapeOf(name: string, a: Attributes, image: Image): Shape {
  if (name === 'polygon') return { kind: 'polygon', rings: [points(a, 3)] };
  if (name === 'polyline') return { kind: 'line', points: points(a, 2), width: LINE_WIDTH };
  if (name === 'box') return boxOf(a);
  if (name === 'ellipse') return ellipseOf(a);
  if (name === 'mask') return maskOf(a, image);
  throw badShape(`is of the kind ${name}, which marks no area`);
}

function points(a: Attributes, fewest: number): Ring {
  const flat = (a.get('points') ?? '').split(';').flatMap((pair) => pair.split(','));
  return ringFrom(flat, fewest);
}

function boxOf(a: Attributes): Shape {
  const box = boxFromCorners(a.get('xtl'), a.get('ytl'), a.get('xbr'), a.get('ybr'));
  const turn = Number(a.get('rotation') ?? 0);
  if (turn === 0 || box.kind !== 'box') return box;
  const { x, y, width, height } = box;
  const ring = [x, y, x + width, y, x + width, y + height, x, y + height];
  return { kind: 'polygon', rings: [turnedAround(ring, x + width / 2, y + height / 2, coordinate(turn))] };
}

function ellipseOf(a: Attributes): Shape {
  const [cx, cy, rx, ry] = ['cx', 'cy', 'rx', 'ry'].map((key) => coordinate(a.get(key)));
  const steps = 128;
  const ring = Array.from({ length: steps }, (_, i) => (2 * Math.PI * i) / steps).flatMap((angle) => [
    cx + rx * Math.cos(angle),
    cy + ry * Math.sin(angle),
  ]);
  return { kind: 'polygon', rings: [turnedAround(ring, cx, cy, coordinate(a.get('rotation') ?? '0'))] };
}

function turnedAround(ring: Ring, cx: number, cy: number, degrees: number): Ring {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const out: number[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y] = [ring[i] - cx, ring[i + 1] - cy];
    out.push(cx + x * cos - y * sin, cy + x * sin + y * cos);
  }
  return out;
}

/** Run lengths row by row within the mask's own box, which must lie in the picture. */
function maskOf(a: Attributes, image: Image): Shape {
  const [x, y] = [whole(a.get('left')), whole(a.get('top'))];
  const [width, height] = [side(a.get('width')), side(a.get('height'))];
  if (x === null || y === null || width === null || height === null)
    throw badShape('has a mask without place or size');
  if (
    (image.width !== null && x + width > image.width) ||
    (image.height !== null && y + height > image.height)
  ) {
    throw badShape(`has a mask that leaves the picture (${width}x${height} at ${x},${y})`);
  }
  const counts = (a.get('rle') ?? '').split(',').map((run) => (run.trim() === '' ? Number.NaN : Number(run)));
  return { kind: 'runs', order: 'rows', x, y, width, height, counts: checkRuns(counts, width, height) };
}

function whole(text: string | undefined): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value >= 0 ? value : null;
}

function side(text: string | undefined): number | null {
  const value = whole(text);
  return value !== null && value > 0 && value < 1e6 ? value : null;
}
