// README.txt of an export: what is in it, what is synthetic, how to check it.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import { SUMS_FILE, VERIFY_CMD } from './checksums.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_FILE } from './manifest.ts';

export const CARD_FILE = 'README.txt';

/** The dataset card. */
export function datasetCard(manifest: Manifest): string {
  const counts = new Map<string, { real: number; synthetic: number }>();
  const count = (type: string) => {
    if (!counts.has(type)) counts.set(type, { real: 0, synthetic: 0 });
    return counts.get(type)!;
  };
  for (const item of manifest.real) count(item.type).real++;
  for (const item of manifest.generated) count(item.type).synthetic++;
  const generators = [...new Set(manifest.generated.map((g) => g.generator))].sort(compareCodePoints);
  const reencoded = manifest.real.filter((r) => r.reencoded).length;
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
    '  Their file names hold "syn_". Every one is listed under "generated" in manifest.json with its source',
    '  picture, seed and whole recipe. They were made by a model and show no real part: train with them if you',
    '  like, but never measure a detector on them.',
    `  Generators: ${generators.length > 0 ? generators.join(', ') : 'none'}.`,
    '  "outside.changed" counts pixels that differ from the source outside the mask grown by "outside.grownBy"',
    '  pixels (null where nothing is claimed); "agreement" says how well mask and visible change fit.',
    '',
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

const LAYOUT = {
  mvtec: [
    'LAYOUT (MVTec)',
    '  PRODUCT/train/good, PRODUCT/test/good, PRODUCT/test/TYPE, PRODUCT/ground_truth/TYPE/NAME_mask.png.',
    '  Masks: 0 background, 255 defect. The layout has no place for defects but test/TYPE: real and synthetic ones',
    '  lie there side by side; the manifest tells them apart and holds the split of the real ones.',
  ],
  coco: [
    'LAYOUT (COCO)',
    '  images/, annotations/instances_SPLIT.json (compressed RLE, "synthetic": true on synthetic pictures),',
    '  masks/NAME_mask.png with the same masks as pictures (0 background, 255 defect).',
    '  Synthetic pictures are in the train split only.',
  ],
} as const;
