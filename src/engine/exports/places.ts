// Where pictures and masks lie in each format.

import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import type { AnnotatedSplit } from '../../core/formats/annotations/model.ts';
import { YOLO_FOLDERS } from '../../core/formats/annotations/write-yolo-seg.ts';
import { withoutMaskSuffix } from '../datasets/folder-words.ts';
import { maskFolderOf, mvtecSplit, SYNTHETIC } from '../datasets/layout-mvtec.ts';
import { GOOD } from './export-job.ts';
import type { NameAllocator } from './safe-name.ts';

export interface Spot {
  /** Folder name of the product. */
  readonly product: string;
  /** Folder names of the types of its defects, or `good`; several only where the format can say so. */
  readonly types: readonly string[];
  readonly split: AnnotatedSplit;
  /** Wanted name of the picture, without extension. */
  readonly name: string;
  readonly synthetic: boolean;
  readonly names: NameAllocator;
}

export interface Place {
  /** Folder of the picture. */
  readonly folder: string;
  /** File name without extension, unique in the export wherever files are found by it. */
  readonly stem: string;
  /** Paths of the masks by type, should there be any. */
  readonly masks: readonly string[];
  /** The split that the layout itself says. */
  readonly split: AnnotatedSplit;
}

/**
 * Real defects lie in test/, the only place MVTec has for them; which of them were shots is in the manifest. Generated
 * ones get a folder that the original has not: under test/ they would be tested on, and under train/ a one-class
 * detector would learn them as good.
 */
function mvtec({ product, types: [type], split, name, synthetic, names }: Spot): Place {
  const top = type === GOOD ? split : synthetic ? SYNTHETIC : 'test';
  const stem = names.allocate(type === GOOD ? `${split}/${GOOD}` : type, name);
  return {
    folder: `${product}/${top}/${type}`,
    stem,
    masks: [`${product}/${maskFolderOf(top)}/${type}/${stem}_mask.png`],
    split: mvtecSplit(top) ?? split,
  };
}

/** VisA has no validation split: such pictures count as train, so that nothing was chosen on its test pictures. */
function visa({ product, types: [type], split, name, names }: Spot): Place {
  const kind = type === GOOD ? 'Normal' : 'Anomaly';
  const stem = names.allocate('', `${type}_${name}`);
  return {
    folder: `${product}/Data/Images/${kind}`,
    stem,
    masks: [`${product}/Data/Masks/${kind}/${stem}.png`],
    split: split === 'test' ? 'test' : 'train',
  };
}

/** The type comes first: images/train/good beside images/test would pass for MVTec. */
function masks({ types: [type], split, name, names }: Spot): Place {
  // A picture named NAME_mask would pass for a mask.
  const wanted = withoutMaskSuffix(name) === null ? name : `${name}_`;
  const stem = names.allocate(`${type}/${split}`, wanted);
  return { folder: `images/${type}/${split}`, stem, masks: [`masks/${type}/${split}/${stem}.png`], split };
}

/** All pictures in one folder, or one per split, named TYPE_NAME; the same masks as pictures in masks/. */
function flat(folderOf: (split: AnnotatedSplit) => string): (spot: Spot) => Place {
  return ({ types, split, name, names }) => {
    const stem = names.allocate('', `${types.join('+')}_${name}`);
    const masks = types.map((type) => {
      const wanted = types.length === 1 ? stem : `${stem}_${type}`;
      return `masks/${names.allocate('masks', wanted)}_mask.png`;
    });
    return { folder: folderOf(split), stem, masks, split };
  };
}

const images = flat(() => 'images');

/** Lists of VOC separate names from other words by white space. */
function voc(spot: Spot): Place {
  const plain = (text: string): string => text.replace(/\s+/gu, '_');
  return flat(() => 'JPEGImages')({ ...spot, types: spot.types.map(plain), name: plain(spot.name) });
}

export const PLACES: Readonly<Record<ExportFormat, (spot: Spot) => Place>> = {
  mvtec,
  visa,
  coco: images,
  'yolo-seg': flat((split) => `images/${YOLO_FOLDERS[split]}`),
  labelme: flat((split) => split),
  voc,
  cvat: images,
  'label-studio': images,
  masks,
};

/** Formats that mark several types in one picture; in the others such a picture appears once per type. */
export const SEVERAL_TYPES: ReadonlySet<ExportFormat> = new Set([
  'coco',
  'yolo-seg',
  'labelme',
  'voc',
  'cvat',
  'label-studio',
]);

/** Formats that know outlines only: a hole hangs on the outer line by a cut. */
export const OUTLINES_ONLY: ReadonlySet<ExportFormat> = new Set(['yolo-seg', 'labelme']);
