// YOLO segmentation: images/SPLIT, labels/SPLIT/NAME.txt with one outline per line, data.yaml.

import { traceContours } from '../../image/contours.ts';
import { keyholeRing } from '../../image/keyhole.ts';
import { yamlString } from './escape.ts';
import type { AnnotatedSplit } from './model.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';
import { stemOfName } from './write-model.ts';

/** Folder of a split; trainers expect these names. */
export const YOLO_FOLDERS: Readonly<Record<AnnotatedSplit, string>> = {
  train: 'train',
  validation: 'val',
  test: 'test',
};
/** Enough for a picture of 100,000 px to place a corner within 0.001 px. */
const DECIMALS = 8;

export class YoloSegWriter implements AnnotationWriter {
  readonly #types: readonly string[];
  readonly #splits = new Set<AnnotatedSplit>();

  /** The place of a type in the list is its class number. */
  constructor(types: readonly string[]) {
    this.#types = types;
  }

  add(picture: LabelledPicture): AnnotationFile[] {
    this.#splits.add(picture.split);
    const file = `labels/${YOLO_FOLDERS[picture.split]}/${stemOfName(picture.name)}.txt`;
    return [{ file, content: yoloLines(picture, this.#types) }];
  }

  finish(): AnnotationFile[] {
    const lines = [
      '# Pictures named "syn_..." are synthetic; all of them are listed in synthetic.txt.',
      'path: .',
    ];
    const folder = (split: AnnotatedSplit): string => `images/${YOLO_FOLDERS[split]}`;
    if (this.#splits.has('train')) lines.push(`train: ${folder('train')}`);
    if (this.#splits.has('validation')) lines.push(`val: ${folder('validation')}`);
    else if (this.#splits.has('train')) {
      lines.push('# Trainers want a val split; there are no validation pictures.', `val: ${folder('train')}`);
    }
    if (this.#splits.has('test')) lines.push(`test: ${folder('test')}`);
    if (this.#types.length === 0) lines.push('names: []');
    else lines.push('names:', ...this.#types.map((type, i) => `  ${i}: ${yamlString(type)}`));
    return [{ file: 'data.yaml', content: `${lines.join('\n')}\n` }];
  }
}

/** `CLASS x y x y ...` per component; holes hang on the outer ring by a cut that encloses nothing. */
function yoloLines({ masks, width, height }: LabelledPicture, types: readonly string[]): string {
  const lines: string[] = [];
  for (const { type, mask } of masks) {
    for (const outline of traceContours(mask)) {
      const ring = keyholeRing(outline).map((v, i) => share(v, i % 2 === 0 ? width : height));
      lines.push(`${types.indexOf(type)} ${ring.join(' ')}\n`);
    }
  }
  return lines.join('');
}

function share(value: number, size: number): string {
  return (value / size).toFixed(DECIMALS).replace(/\.?0+$/, '');
}
