// CVAT for images 1.1: annotations.xml with masks as run lengths, row by row within their box.

import type { Mask } from '../../image/raster.ts';
import { maskBounds } from '../../image/raster.ts';
import { xmlText } from './escape.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';

export const CVAT_FILE = 'annotations.xml';
/** The tag that generated pictures carry. */
const SYNTHETIC = 'synthetic';

export class CvatWriter implements AnnotationWriter {
  readonly #task: string;
  readonly #types: readonly string[];
  readonly #images: string[] = [];

  constructor(task: string, types: readonly string[]) {
    this.#task = task;
    this.#types = types;
  }

  add(picture: LabelledPicture): AnnotationFile[] {
    const { name, width, height, split, synthetic, masks } = picture;
    const head = `id="${this.#images.length}" name="${xmlText(name)}" subset="${split}" width="${width}" height="${height}"`;
    const marks = masks.map(({ type, mask }) => maskElement(type, mask, synthetic ? 'auto' : 'manual'));
    if (synthetic) marks.push(`    <tag label="${SYNTHETIC}" source="auto"></tag>`);
    this.#images.push([`  <image ${head}>`, ...marks, '  </image>'].join('\n'));
    return [];
  }

  finish(): AnnotationFile[] {
    const labels = this.#types.map((type) => labelElement(type, 'mask'));
    labels.push(labelElement(SYNTHETIC, 'tag'));
    const lines = [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<annotations>',
      '  <version>1.1</version>',
      '  <meta>',
      `    <task><id>1</id><name>${xmlText(this.#task)}</name><size>${this.#images.length}</size><labels>`,
      ...labels,
      '    </labels></task>',
      '  </meta>',
      ...this.#images,
      '</annotations>',
      '',
    ];
    return [{ file: CVAT_FILE, content: lines.join('\n') }];
  }
}

function labelElement(name: string, type: 'mask' | 'tag'): string {
  return `        <label><name>${xmlText(name)}</name><type>${type}</type><attributes></attributes></label>`;
}

function maskElement(type: string, mask: Mask, source: 'auto' | 'manual'): string {
  const { x, y, width, height } = maskBounds(mask)!;
  const box = `left="${x}" top="${y}" width="${width}" height="${height}"`;
  const rle = rowRuns(mask, x, y, width, height).join(', ');
  return `    <mask label="${xmlText(type)}" source="${source}" occluded="0" rle="${rle}" ${box} z_order="0"></mask>`;
}

/** Run lengths of a part of the mask, row by row, background first (0 where the first pixel is set). */
function rowRuns(mask: Mask, x0: number, y0: number, width: number, height: number): number[] {
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let y = y0; y < y0 + height; y++) {
    for (let x = x0; x < x0 + width; x++) {
      const v = mask.data[y * mask.width + x];
      if (v !== value) {
        counts.push(run);
        run = 0;
        value = v;
      }
      run++;
    }
  }
  counts.push(run);
  return counts;
}
