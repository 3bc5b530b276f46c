// VisA: PRODUCT/image_anno.csv and split_csv/*.csv over Data/Images and Data/Masks.

import { csvField } from './escape.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';
import { stemOfName } from './write-model.ts';

const SPLIT_HEAD = row('object', 'split', 'label', 'image', 'mask');

export class VisaWriter implements AnnotationWriter {
  readonly #product: string;
  readonly #labels: string[] = [row('image', 'label', 'mask')];
  /** Trains on good parts only, so it leaves out defects of the train split. */
  readonly #oneClass: string[] = [SPLIT_HEAD];
  readonly #twoClasses: string[] = [SPLIT_HEAD];

  /** `product` names the folder. */
  constructor(product: string) {
    this.#product = product;
  }

  add({ name, split, masks }: LabelledPicture): AnnotationFile[] {
    const kind = masks.length === 0 ? 'Normal' : 'Anomaly';
    const image = `${this.#product}/Data/Images/${kind}/${name}`;
    const mask = masks.length === 0 ? '' : `${this.#product}/Data/Masks/Anomaly/${stemOfName(name)}.png`;
    const label = masks.length === 0 ? 'normal' : masks.map((m) => m.type).join(',');
    this.#labels.push(row(image, label, mask));
    const line = row(this.#product, split, kind.toLowerCase(), image, mask);
    if (kind === 'Normal' || split === 'test') this.#oneClass.push(line);
    this.#twoClasses.push(line);
    return [];
  }

  finish(): AnnotationFile[] {
    return [
      { file: `${this.#product}/image_anno.csv`, content: this.#labels.join('') },
      { file: 'split_csv/1cls.csv', content: this.#oneClass.join('') },
      { file: 'split_csv/2cls_highshot.csv', content: this.#twoClasses.join('') },
    ];
  }
}

function row(...fields: string[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}
