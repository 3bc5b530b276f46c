// Label Studio's JSON export: tasks with brush strokes, polygons, rectangles and ellipses in percent of the picture.

import { Collector } from './collect.ts';
import { badShape, boxFromSize, coordinate, ringFrom } from './geometry.ts';
import {
  field,
  isRecord,
  type Json,
  listField,
  numberField,
  printable,
  sizeField,
  textField,
} from './json.ts';
import { brushRuns } from './label-studio-rle.ts';
import type { AnnotatedObject, AnnotationSet, Ring, Shape } from './model.ts';

interface Result {
  readonly json: Json;
  readonly value: Json;
  readonly width: number;
  readonly height: number;
}

export function isLabelStudio(json: Json): boolean {
  return (
    Array.isArray(json) &&
    json.length > 0 &&
    isRecord(json[0]) &&
    Object.hasOwn(json[0], 'data') &&
    (Object.hasOwn(json[0], 'annotations') || Object.hasOwn(json[0], 'completions'))
  );
}

/** Tasks nobody has finished are left out: their pictures count as unlabelled. Predictions are never used. */
export function readLabelStudio(json: Json): AnnotationSet {
  const out = new Collector();
  for (const [i, task] of (Array.isArray(json) ? json : []).entries()) {
    const where = `task ${printable(String(field(task, 'id') ?? `#${i}`))}`;
    const file = out.name(pictureOf(task), where);
    if (file === null) continue;
    const annotations = listField(task, 'annotations') ?? listField(task, 'completions') ?? [];
    const finished = annotations.filter((a) => field(a, 'was_cancelled') !== true);
    if (finished.length === 0) continue;
    const chosen = finished.find((a) => field(a, 'ground_truth') === true) ?? finished[0];
    if (finished.length > 1) {
      const which = chosen === finished[0] ? 'the first' : 'the one marked as ground truth';
      out.warn(file, `${where} was annotated ${finished.length} times; ${which} is used`);
    }
    readTask(where, file, listField(chosen, 'result') ?? [], out);
  }
  return out.done();
}

function readTask(where: string, file: string, results: readonly Json[], out: Collector): void {
  const objects: AnnotatedObject[] = [];
  let size: { width: number; height: number } | null = null;
  for (const [i, json] of results.entries()) {
    const value = field(json, 'value');
    const type = field(json, 'type');
    if (typeof type !== 'string' || !/^(?:brush|polygon|rectangle|ellipse)(?:labels)?$/.test(type)) continue;
    if (field(json, 'type') === field(results[i - 1], 'type') && isRepeat(json, results[i - 1])) continue;
    const label = `${where}, mark ${i + 1}`;
    const width = sizeField(json, 'original_width');
    const height = sizeField(json, 'original_height');
    objects.push(
      ...out.object(file, label, labelOf(json, value, type), () => {
        if (width === null || height === null) throw badShape('does not say how large its picture is');
        if ((numberField(json, 'image_rotation') ?? 0) !== 0) throw badShape('was drawn on a turned picture');
        size ??= { width, height };
        return [shapeOf(type, { json, value: value ?? null, width, height })];
      }),
    );
  }
  out.add({ file, width: null, height: null, ...(size ?? {}), split: null, objects });
}

/** Tools with separate labels write a region twice, once bare: the bare one comes first and has the same id. */
function isRepeat(json: Json, before: Json | undefined): boolean {
  return field(json, 'id') !== undefined && field(json, 'id') === field(before, 'id');
}

function labelOf(json: Json, value: Json | undefined, type: string): string {
  const labels = listField(value, type) ?? listField(value, 'labels') ?? listField(json, 'labels') ?? [];
  return typeof labels[0] === 'string' ? labels[0] : '';
}

function shapeOf(type: string, { value, width, height }: Result): Shape {
  if (type.startsWith('brush')) {
    const bytes = listField(value, 'rle');
    if (bytes === null) throw badShape('has no brush strokes');
    return {
      kind: 'runs',
      order: 'rows',
      x: 0,
      y: 0,
      width,
      height,
      counts: brushRuns(bytes, width, height),
    };
  }
  if (type.startsWith('polygon')) {
    const flat = (listField(value, 'points') ?? []).flatMap((p) =>
      Array.isArray(p) ? p.slice(0, 2) : [null],
    );
    return { kind: 'polygon', rings: [scaled(ringFrom(flat), width, height)] };
  }
  if (type.startsWith('ellipse')) return { kind: 'polygon', rings: [ellipse(value, width, height)] };
  const turn = numberField(value, 'rotation') ?? 0;
  const box = ['x', 'y', 'width', 'height'].map((key) => coordinate(field(value, key)));
  const [x, y, w, h] = scaled(box, width, height);
  if (turn === 0) return boxFromSize(x, y, w, h);
  const corners = [0, 0, w, 0, w, h, 0, h];
  return { kind: 'polygon', rings: [turned(corners, turn).map((v, i) => v + (i % 2 === 0 ? x : y))] };
}

function ellipse(value: Json, width: number, height: number): Ring {
  const [cx, cy] = scaled([coordinate(field(value, 'x')), coordinate(field(value, 'y'))], width, height);
  const radii = [coordinate(field(value, 'radiusX')), coordinate(field(value, 'radiusY'))];
  const [rx, ry] = scaled(radii, width, height);
  const steps = 128;
  const ring = Array.from({ length: steps }, (_, i) => (2 * Math.PI * i) / steps).flatMap((a) => [
    rx * Math.cos(a),
    ry * Math.sin(a),
  ]);
  const turn = numberField(value, 'rotation') ?? 0;
  return turned(ring, turn).map((v, i) => v + (i % 2 === 0 ? cx : cy));
}

function scaled(percent: Ring, width: number, height: number): number[] {
  return percent.map((v, i) => (v / 100) * (i % 2 === 0 ? width : height));
}

/** Clockwise by `degrees` around 0,0. */
function turned(ring: Ring, degrees: number): number[] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const out: number[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    out.push(ring[i] * cos - ring[i + 1] * sin, ring[i] * sin + ring[i + 1] * cos);
  }
  return out;
}

/** The picture of a task: an uploaded file (with the prefix it got), a local file, or an address. */
function pictureOf(task: Json): string | null {
  const data = field(task, 'data');
  if (!isRecord(data)) return null;
  const key = ['image', 'img', 'picture', ...Object.keys(data)].find((k) => textField(data, k) !== null);
  const uploaded = textField(task, 'file_upload');
  const raw = (key === undefined ? null : textField(data, key)) ?? uploaded;
  if (raw === null) return null;
  const local = /[?&]d=([^&]+)/.exec(raw);
  const path = decoded(local === null ? raw.replace(/^[a-z][a-z0-9+.-]+:\/\//i, '') : local[1]);
  if (local !== null) return path;
  const address = path !== raw || raw.startsWith('/data/');
  return address ? path.slice(path.lastIndexOf('/') + 1) : path;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
