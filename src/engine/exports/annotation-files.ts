// Which files of an export belong to its format, besides pictures and masks.

import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import { CVAT_FILE } from '../../core/formats/annotations/write-cvat.ts';
import {
  LABEL_STUDIO_CONFIG,
  LABEL_STUDIO_TASKS,
} from '../../core/formats/annotations/write-label-studio.ts';

const NONE: readonly RegExp[] = [];

const FILES: Readonly<Record<ExportFormat, readonly (RegExp | string)[]>> = {
  mvtec: NONE,
  masks: NONE,
  visa: [/^[^/]+\/image_anno\.csv$/, 'split_csv/1cls.csv', 'split_csv/2cls_highshot.csv'],
  coco: [/^annotations\//],
  'yolo-seg': ['data.yaml', /^labels\/(?:train|val|test)\/[^/]+\.txt$/],
  labelme: [/^(?:train|validation|test)\/[^/]+\.json$/],
  voc: [
    'labelmap.txt',
    /^Annotations\/[^/]+\.xml$/,
    /^Segmentation(?:Class|Object)\/[^/]+\.png$/,
    /^ImageSets\/Segmentation\/(?:train|val|test|synthetic)\.txt$/,
  ],
  cvat: [CVAT_FILE],
  'label-studio': [LABEL_STUDIO_TASKS, LABEL_STUDIO_CONFIG],
};

export function isAnnotationFile(format: ExportFormat, file: string): boolean {
  return FILES[format].some((known) => (typeof known === 'string' ? known === file : known.test(file)));
}
