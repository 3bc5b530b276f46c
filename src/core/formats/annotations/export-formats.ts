// The layouts an export can have.

export const EXPORT_FORMATS = [
  'mvtec',
  'visa',
  'coco',
  'yolo-seg',
  'labelme',
  'voc',
  'cvat',
  'label-studio',
  'masks',
] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
