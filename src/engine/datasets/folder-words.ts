// The words people give folders and files: splits, good parts, pictures, masks.

import type { ImageSplit } from '../../core/domain/import-report.ts';

const GOOD = new Set([
  'good',
  'normal',
  'normals',
  'ok',
  'io',
  'defect-free',
  'defect_free',
  'no_defect',
  'no-defect',
  'gut',
]);
const PICTURE_FOLDERS = new Set(['images', 'image', 'imgs', 'img', 'pictures', 'photos', 'jpegimages']);
const MASK_FOLDERS = new Set([
  'masks',
  'mask',
  'ground_truth',
  'groundtruth',
  'gt',
  'labels',
  'label',
  'annotations',
]);
const SPLITS: Record<string, ImageSplit> = {
  train: 'train',
  training: 'train',
  test: 'test',
  testing: 'test',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
};
const MASK_SUFFIX = /[_\-. ](?:mask|gt|label|groundtruth)$/i;
/** Files that are never pictures; everything else is decided by content. */
const OTHER =
  /\.(?:txt|md|json|jsonl|ndjson|csv|tsv|xml|ya?ml|html?|pdf|db|ini|log|zip|7z|tar|gz|cmd|bat|sh|py|npy|npz|safetensors|pt|onnx|docx?|xlsx?)$/i;
const NO_PICTURE = new Set(['thumbs.db', 'sha256sums', 'license', 'readme', 'licence', 'makefile']);

export function isGoodName(folder: string): boolean {
  return GOOD.has(folder.toLowerCase());
}

export function isPictureFolder(folder: string): boolean {
  return PICTURE_FOLDERS.has(folder.toLowerCase());
}

export function isMaskFolder(folder: string): boolean {
  return MASK_FOLDERS.has(folder.toLowerCase());
}

export function splitOf(folder: string): ImageSplit | null {
  return Object.hasOwn(SPLITS, folder.toLowerCase()) ? SPLITS[folder.toLowerCase()] : null;
}

/** False for names that cannot be pictures. */
export function mayBePicture(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return !OTHER.test(name) && !NO_PICTURE.has(name.toLowerCase());
}

/** File name without folder and extension. */
export function stemOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The stem without `_mask`, `-gt` and the like, or null where it has no such ending. */
export function withoutMaskSuffix(stem: string): string | null {
  return MASK_SUFFIX.test(stem) ? stem.replace(MASK_SUFFIX, '') : null;
}
