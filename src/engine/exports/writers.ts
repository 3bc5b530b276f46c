// The annotation writer of each format; formats whose folders say everything have none.

import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import { CocoWriter } from '../../core/formats/annotations/write-coco.ts';
import { CvatWriter } from '../../core/formats/annotations/write-cvat.ts';
import { LabelStudioWriter } from '../../core/formats/annotations/write-label-studio.ts';
import { LabelmeWriter } from '../../core/formats/annotations/write-labelme.ts';
import type { AnnotationWriter } from '../../core/formats/annotations/write-model.ts';
import { VisaWriter } from '../../core/formats/annotations/write-visa.ts';
import { VocWriter } from '../../core/formats/annotations/write-voc.ts';
import { YoloSegWriter } from '../../core/formats/annotations/write-yolo-seg.ts';

/** `product` is a folder name, `types` are what the format calls the types, in order. */
export function writerFor(
  format: ExportFormat,
  product: string,
  types: readonly string[],
): AnnotationWriter | null {
  switch (format) {
    case 'mvtec':
    case 'masks':
      return null;
    case 'visa':
      return new VisaWriter(product);
    case 'coco':
      return new CocoWriter(product, types);
    case 'yolo-seg':
      return new YoloSegWriter(types);
    case 'labelme':
      return new LabelmeWriter();
    case 'voc':
      return new VocWriter(types);
    case 'cvat':
      return new CvatWriter(product, types);
    case 'label-studio':
      return new LabelStudioWriter(types);
  }
}
