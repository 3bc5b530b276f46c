// README.txt of an export: what is in it, what is synthetic, how to check it.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import { SUMS_FILE, VERIFY_CMD } from './checksums.ts';
import type { BaseModel } from './export-job.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { SYNTHETIC_FILE } from './synthetic-list.ts';

export const CARD_FILE = 'README.txt';

/** The dataset card. */
export function datasetCard(manifest: Manifest, models: readonly BaseModel[] = []): string {
  const counts = new Map<string, { real: number; synthetic: number }>();
  const count = (type: string) => {
    if (!counts.has(type)) counts.set(type, { real: 0, synthetic: 0 });
    return counts.get(type)!;
  };
  for (const item of manifest.real) count(item.type).real++;
  for (const item of manifest.generated) count(item.type).synthetic++;
  const generators = [...new Set(manifest.generated.map((g) => g.generator))].sort(compareCodePoints);
  const reencoded = manifest.real.filter((r) => r.reencoded).length;
  const weak = manifest.generated.filter((g) => g.label === 'box').length;
  const lines = [
    `Dataset: ${manifest.product}`,
    '',
    `${manifest.generated.length} SYNTHETIC pictures (not photos) and ${manifest.real.length} real ones, written by Flawsmith.`,
    '',
    'type                           real  synthetic',
    ...[...counts.keys()].sort(compareCodePoints).map((type) => {
      const { real, synthetic } = counts.get(type)!;
      return `${type.padEnd(28)} ${String(real).padStart(6)} ${String(synthetic).padStart(10)}`;
    }),
    '',
    ...LAYOUT[manifest.format],
    '',
    'SYNTHETIC PICTURES',
    `  Their file names hold "syn_". Every one is listed in ${SYNTHETIC_FILE}, and in manifest.json with its source`,
    '  picture, seed and whole recipe. They were made by a model and show no real part: train with them if you',
    '  like, but never measure a detector on them.',
    `  Generators: ${generators.length > 0 ? generators.join(', ') : 'none'}.`,
    '  "outside.changed" counts pixels that differ from the source outside the mask grown by "outside.grownBy"',
    '  pixels (null where nothing is claimed); "agreement" says how well mask and visible change fit.',
    ...(weak > 0
      ? [
          `  WEAK LABELS: the masks of ${weak} pictures ("label": "box") are boxes that hold the defect and good pixels`,
          '  around it. They are no pixel masks: train with a loss that knows of it, and never measure with them.',
        ]
      : []),
    '',
    ...modelLines(models),
    'REAL PICTURES',
    '  Byte-for-byte copies of the imported files. Their metadata (camera, date, perhaps GPS) is still in them.',
    ...(reencoded > 0
      ? [
          `  Exception: ${reencoded} turned by EXIF are PNGs of the turned pixels ("reencoded" in the manifest).`,
        ]
      : []),
    '  Their licence is that of the set they came from.',
    '',
    'CHECKING',
    `  Windows: double-click ${VERIFY_CMD}. Elsewhere: sha256sum -c ${SUMS_FILE}.`,
    `  ${SUMS_FILE} covers every file but itself; ${MANIFEST_FILE} describes every picture.`,
    '',
  ];
  return lines.join('\n');
}

function modelLines(models: readonly BaseModel[]): string[] {
  if (models.length === 0) return [];
  return [
    'BASE MODELS',
    '  The weights that the generators started from are not in this folder. What their own files say of their licence,',
    '  which may bind what you do with the pictures:',
    ...models.map(({ name, hash, licence }) => `  ${name} (${hash.slice(0, 16)}): ${licence}`),
    '',
  ];
}

const IMAGES_AND_MASKS = '  masks/NAME_mask.png are the same masks as pictures (0 background, 255 defect).';

const LAYOUT: Readonly<Record<ExportFormat, readonly string[]>> = {
  mvtec: [
    'LAYOUT (MVTec)',
    '  PRODUCT/train/good, PRODUCT/test/good, PRODUCT/test/TYPE, PRODUCT/ground_truth/TYPE/NAME_mask.png.',
    '  Masks: 0 background, 255 defect. Real defects lie in test/TYPE, which is all that the layout has for them; the',
    '  manifest holds their split. Synthetic defects: synthetic/TYPE and synthetic_ground_truth/TYPE.',
  ],
  visa: [
    'LAYOUT (VisA)',
    '  PRODUCT/Data/Images/Normal, PRODUCT/Data/Images/Anomaly, PRODUCT/Data/Masks/Anomaly (0 background, 255 defect),',
    '  PRODUCT/image_anno.csv (types), split_csv/2cls_highshot.csv (splits of all pictures; synthetic ones are train),',
    '  split_csv/1cls.csv (the same without defects of the train split).',
  ],
  coco: [
    'LAYOUT (COCO)',
    '  images/, annotations/instances_SPLIT.json (compressed RLE, "synthetic": true on synthetic pictures).',
    IMAGES_AND_MASKS,
    '  Synthetic pictures are in the train split only.',
  ],
  'yolo-seg': [
    'LAYOUT (YOLO segmentation)',
    '  images/SPLIT, labels/SPLIT (one outline per line; holes hang on the outer line by a cut), data.yaml.',
    IMAGES_AND_MASKS,
    '  Synthetic pictures are in images/train only and listed in synthetic.txt; YOLO itself has no field for it.',
  ],
  labelme: [
    'LAYOUT (LabelMe)',
    '  SPLIT/NAME.json beside SPLIT/NAME.*; holes hang on the outer line by a cut; "flags": {"synthetic": true}.',
    IMAGES_AND_MASKS,
    '  Synthetic pictures are in train/ only.',
  ],
  voc: [
    'LAYOUT (Pascal VOC)',
    '  JPEGImages/ (in their own format), Annotations/, SegmentationClass/, SegmentationObject/, labelmap.txt,',
    '  ImageSets/Segmentation/{train,val,test}.txt; ImageSets/Segmentation/synthetic.txt lists the synthetic pictures,',
    '  whose XML says <source><image>synthetic</image></source>.',
    IMAGES_AND_MASKS,
  ],
  cvat: [
    'LAYOUT (CVAT for images 1.1)',
    '  images/, annotations.xml (masks as run lengths, "subset" is the split, synthetic pictures carry the tag "synthetic").',
    IMAGES_AND_MASKS,
  ],
  'label-studio': [
    'LAYOUT (Label Studio)',
    '  images/, label-studio.json (brush masks; "synthetic" and "split" in the data of each task), label-studio-config.xml.',
    '  Pictures are named /data/local-files/?d=images/NAME: set LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT to this folder.',
    IMAGES_AND_MASKS,
  ],
  masks: [
    'LAYOUT (image and mask folders)',
    '  images/TYPE/SPLIT/NAME.* and masks/TYPE/SPLIT/NAME.png (0 background, 255 defect); good parts in images/good.',
    '  Synthetic pictures are in folders train/ only.',
  ],
};
