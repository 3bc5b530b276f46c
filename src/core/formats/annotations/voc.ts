// Pascal VOC: one XML per picture with boxes (1-based, inclusive), and the colours of its segmentation pictures.

import { readXml } from '../xml.ts';
import { Collector } from './collect.ts';
import { boxFromSize, coordinate } from './geometry.ts';
import { printable } from './json.ts';
import type { AnnotatedObject, AnnotatedSplit, AnnotationSet } from './model.ts';

/** Colour of pixels that are not to be judged. */
export const VOC_VOID = 0xe0e0c0;

export function readVoc(text: string, split: AnnotatedSplit | null = null): AnnotationSet {
  const out = new Collector();
  const fields = new Map<string, string>();
  const objects: Map<string, string>[] = [];
  readXml(text, {
    open(name, _attributes, path) {
      if (name === 'object' && path.length === 2) objects.push(new Map());
    },
    close(_name, value, path) {
      const key = path.slice(1).join('/');
      if (path[1] === 'object') objects.at(-1)?.set(key, value.trim());
      else fields.set(key, value.trim());
    },
  });
  const file = out.name(fields.get('filename') ?? null, 'it');
  if (file === null) return out.done();
  const marked: AnnotatedObject[] = [];
  for (const [i, object] of objects.entries()) {
    const type = object.get('object/name') ?? '';
    const label = `object ${i + 1} ("${printable(type, 30)}")`;
    const corner = (name: string): number => coordinate(object.get(`object/bndbox/${name}`));
    marked.push(
      ...out.object(file, label, type, () => {
        const [x, y] = [corner('xmin') - 1, corner('ymin') - 1];
        return [boxFromSize(x, y, corner('xmax') - x, corner('ymax') - y)];
      }),
    );
  }
  const [width, height] = [side(fields.get('size/width')), side(fields.get('size/height'))];
  out.add({ file, width, height, split, objects: marked });
  return out.done();
}

function side(text: string | undefined): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Colour 0xRRGGBB of a class number in segmentation pictures. */
export function vocColour(index: number): number {
  let [r, g, b] = [0, 0, 0];
  for (let bit = 0, rest = index; bit < 8; bit++, rest >>= 3) {
    r |= (rest & 1) << (7 - bit);
    g |= ((rest >> 1) & 1) << (7 - bit);
    b |= ((rest >> 2) & 1) << (7 - bit);
  }
  return (r << 16) | (g << 8) | b;
}

/** Lines `name:r,g,b:...` of a labelmap.txt; '#' starts a remark. */
export function readLabelMap(text: string): Map<string, number> {
  const colours = new Map<string, number>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^([^#:][^:]*):(\d{1,3}),(\d{1,3}),(\d{1,3})(?::|$)/.exec(line.trim());
    if (found === null) continue;
    const [r, g, b] = found.slice(2).map((v) => Math.min(255, Number(v)));
    colours.set(found[1].trim(), (r << 16) | (g << 8) | b);
  }
  return colours;
}
