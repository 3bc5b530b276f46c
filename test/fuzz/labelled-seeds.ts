// Labelled pictures that the annotation writers make valid files of.

import type { AnnotationWriter, LabelledPicture } from '../../src/core/formats/annotations/write-model.ts';
import { boxMask } from '../engine/imaging/make-pictures.ts';

export const SEED_WIDTH = 24;
export const SEED_HEIGHT = 16;
export const SEED_TYPES = ['scratch', 'hole & dent'];

/** Three pictures: one good, one with one defect, one with two that touch the border. */
export function seedPictures(): LabelledPicture[] {
  const mask = (x: number, y: number, w: number, h: number) => boxMask(SEED_WIDTH, SEED_HEIGHT, x, y, w, h);
  const common = {
    width: SEED_WIDTH,
    height: SEED_HEIGHT,
    channels: 3,
    split: 'train',
    synthetic: false,
  } as const;
  const [scratch, hole] = SEED_TYPES;
  return [
    { ...common, name: '000.png', masks: [] },
    { ...common, name: '001.png', masks: [{ type: scratch, mask: mask(3, 4, 9, 2) }] },
    {
      ...common,
      name: '002.png',
      masks: [
        { type: scratch, mask: mask(0, 0, 5, 5) },
        { type: hole, mask: mask(15, 9, 9, 7) },
      ],
    },
  ];
}

/** The text files a writer makes of the seed pictures, by name. */
export function writtenFiles(writer: AnnotationWriter): Map<string, string> {
  const pictures = seedPictures();
  const files = [...pictures.flatMap((picture) => writer.add(picture)), ...writer.finish()];
  const texts = files.flatMap(({ file, content }) =>
    typeof content === 'string' ? [[file, content] as const] : [],
  );
  return new Map(texts);
}
