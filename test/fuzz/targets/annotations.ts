// Annotation files of every format that is imported: read, then drawn into masks.

import { AppError } from '../../../src/core/base/errors.ts';
import type { Rng } from '../../../src/core/base/rng.ts';
import { isCoco, readCoco } from '../../../src/core/formats/annotations/coco.ts';
import { readCvat } from '../../../src/core/formats/annotations/cvat.ts';
import { type Json, parseAnnotationJson } from '../../../src/core/formats/annotations/json.ts';
import { isLabelStudio, readLabelStudio } from '../../../src/core/formats/annotations/label-studio.ts';
import { isLabelMe, readLabelMe } from '../../../src/core/formats/annotations/labelme.ts';
import type { AnnotationSet } from '../../../src/core/formats/annotations/model.ts';
import { objectsMask } from '../../../src/core/formats/annotations/rasterise.ts';
import { isVisaTable, readVisaTable } from '../../../src/core/formats/annotations/visa.ts';
import { readVoc } from '../../../src/core/formats/annotations/voc.ts';
import { CocoWriter } from '../../../src/core/formats/annotations/write-coco.ts';
import { CvatWriter } from '../../../src/core/formats/annotations/write-cvat.ts';
import { LabelStudioWriter } from '../../../src/core/formats/annotations/write-label-studio.ts';
import { LabelmeWriter } from '../../../src/core/formats/annotations/write-labelme.ts';
import type { AnnotationWriter } from '../../../src/core/formats/annotations/write-model.ts';
import { VisaWriter } from '../../../src/core/formats/annotations/write-visa.ts';
import { VocWriter } from '../../../src/core/formats/annotations/write-voc.ts';
import { YoloSegWriter } from '../../../src/core/formats/annotations/write-yolo-seg.ts';
import { inPixels, looksLikeYolo, readYolo } from '../../../src/core/formats/annotations/yolo.ts';
import { compressCounts, maskToCounts } from '../../../src/core/formats/coco-rle.ts';
import { readXml } from '../../../src/core/formats/xml.ts';
import { emptyMask } from '../../../src/core/image/raster.ts';
import { SEED_HEIGHT, SEED_TYPES, SEED_WIDTH, seedPictures, writtenFiles } from '../labelled-seeds.ts';
import { damageJson, damageText, damageXml } from '../mutate-text.ts';
import { type FuzzTarget, once, target } from '../target.ts';

/** Draws what was read, as the import does with a picture of the seed's size; a refusal of one picture is fine. */
function draw(set: AnnotationSet): void {
  for (const read of set.pictures) {
    const picture = read.relative ? inPixels(read, SEED_WIDTH, SEED_HEIGHT) : read;
    try {
      objectsMask(picture.objects, SEED_WIDTH, SEED_HEIGHT, () => emptyMask(8, 8));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}

/** The other two forms of a segmentation that our writer does not use: polygons, and plain run lengths. */
function otherForms(text: string): string[] {
  const forms = (segmentation: (i: number) => unknown): string => {
    const file = JSON.parse(text);
    file.annotations.forEach((annotation: { segmentation: unknown }, i: number) => {
      annotation.segmentation = segmentation(i);
    });
    return JSON.stringify(file);
  };
  const masks = seedPictures().flatMap((picture) => picture.masks);
  const size = [SEED_HEIGHT, SEED_WIDTH];
  return [
    forms(() => [
      [2, 2, 11.5, 2, 11.5, 9, 2, 9],
      [4, 10, 9, 10, 6, 14],
    ]),
    forms((i) => ({ size, counts: maskToCounts(masks[i].mask) })),
    forms((i) => ({ size, counts: compressCounts(maskToCounts(masks[i].mask)) })),
  ];
}

interface Format {
  readonly name: string;
  readonly weight: number;
  readonly firstStage: string;
  readonly seeds: () => readonly string[];
  readonly damage: (text: string, rng: Rng, place: Parameters<FuzzTarget['make']>[1]) => string;
  readonly passes: (text: string) => boolean;
  readonly read: (text: string) => AnnotationSet | null;
}

function jsonFormat(
  name: string,
  weight: number,
  seeds: () => readonly string[],
  is: (json: Json) => boolean,
  read: (json: Json) => AnnotationSet,
): Format {
  return {
    name,
    weight,
    firstStage: 'it is JSON of this kind',
    seeds,
    damage: damageJson,
    passes: (text) => is(parseAnnotationJson(text)),
    read(text) {
      const json = parseAnnotationJson(text);
      return is(json) ? read(json) : null;
    },
  };
}

function xmlFormat(
  name: string,
  weight: number,
  seeds: () => readonly string[],
  read: Format['read'],
): Format {
  const passes = (text: string): boolean => {
    readXml(text, { open() {}, close() {} });
    return true;
  };
  return { name, weight, firstStage: 'it is well-formed XML', seeds, damage: damageXml, passes, read };
}

const files = (writer: AnnotationWriter, pattern: RegExp): string[] =>
  [...writtenFiles(writer)].filter(([file]) => pattern.test(file)).map(([, text]) => text);

const FORMATS: readonly Format[] = [
  jsonFormat(
    'coco',
    14,
    once(() => otherForms(files(new CocoWriter('part', SEED_TYPES), /\.json$/)[0])),
    isCoco,
    readCoco,
  ),
  jsonFormat(
    'labelme',
    5,
    once(() => files(new LabelmeWriter(), /\.json$/)),
    isLabelMe,
    readLabelMe,
  ),
  jsonFormat(
    'label-studio',
    5,
    once(() => files(new LabelStudioWriter(SEED_TYPES), /\.json$/)),
    isLabelStudio,
    readLabelStudio,
  ),
  xmlFormat(
    'voc',
    5,
    once(() => files(new VocWriter(SEED_TYPES), /\.xml$/)),
    readVoc,
  ),
  xmlFormat(
    'cvat',
    5,
    once(() => files(new CvatWriter('part', SEED_TYPES), /\.xml$/)),
    readCvat,
  ),
  {
    name: 'yolo',
    weight: 3,
    firstStage: 'a line looks like a label',
    seeds: once(() => files(new YoloSegWriter(SEED_TYPES), /\d\.txt$/).filter((text) => text !== '')),
    damage: damageText,
    passes: looksLikeYolo,
    read: (text) => readYolo(text, '000.png', SEED_TYPES, null),
  },
  {
    name: 'visa',
    weight: 2,
    firstStage: 'it is a table with the columns',
    seeds: once(() => files(new VisaWriter('part'), /\.csv$/)),
    damage: damageText,
    passes: isVisaTable,
    read(text) {
      if (isVisaTable(text)) readVisaTable(text);
      return null;
    },
  },
];

export const annotations: readonly FuzzTarget[] = FORMATS.map((format) =>
  target<string>({
    name: format.name,
    firstStage: format.firstStage,
    weight: format.weight,
    make: (rng, place) => format.damage(rng.pick(format.seeds()), rng, place),
    passes: format.passes,
    run(text) {
      const set = format.read(text);
      if (set !== null) draw(set);
    },
  }),
);
